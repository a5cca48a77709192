-- One row per council, wave, theme, topic, construct and score: the wording of the answers that have this score.
with

questions as (
    select
        questions.*,
        scales.minimum as scale_minimum,
        scales.maximum as scale_maximum
    from {{ ref('dim_question') }} as questions
    inner join {{ ref('scales') }} as scales on questions.scale_id = scales.scale_id
    where questions.is_primary
),

topics as (
    select * from {{ ref('dim_topic') }}
),

answers as (
    select * from {{ ref('answers') }}
    where answer_kind = 'valid' and answer_score is not null
),

-- A question about the person has no theme; its answers are compared with the outcome of every whole theme.
final as (
    select
        questions.council_id,
        questions.wave_id,
        topics.theme_id,
        topics.topic_id,
        questions.construct_id,
        {{ reversed('answers.answer_score') }} as score,
        -- Several answers may share a score: all ethnic groups but White have 1.
        string_agg(distinct answers.answer_name, ', ' order by answers.answer_name) as answer_name
    from questions
    inner join answers on questions.scale_id = answers.scale_id
    inner join topics
        on
            coalesce(questions.theme_id, topics.theme_id) = topics.theme_id
            and coalesce(questions.topic_id, 'all') = topics.topic_id
    group by all
)

select * from final
