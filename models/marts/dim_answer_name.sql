-- One row per council, wave, theme, topic, construct and score: the wording of the answers with this score, and the
-- group of a breakdown to which they belong.
with

questions as (
    select
        questions.*,
        scales.minimum as scale_minimum,
        scales.maximum as scale_maximum
    from {{ ref('dim_question') }} as questions
    inner join {{ ref('scales') }} as scales using (scale_id)
    where questions.is_primary
),

topics as (
    select * from {{ ref('dim_topic') }}
),

answers as (
    select * from {{ ref('answers') }}
    where answer_kind = 'valid' and answer_score is not null
),

breakdowns as (
    select * from {{ ref('stg_breakdowns') }}
),

-- A question about the person has no theme; its answers are correlated with the outcomes of each whole theme.
named as (
    select
        questions.council_id,
        questions.wave_id,
        topics.theme_id,
        topics.topic_id,
        questions.construct_id,
        {{ reversed('answers.answer_score') }} as score,
        -- Several answers may share a score: all ethnic groups except White have score 1.
        string_agg(distinct answers.answer_name, ', ' order by answers.answer_name) as answer_name
    from questions
    inner join answers using (scale_id)
    inner join topics
        on
            coalesce(questions.theme_id, topics.theme_id) = topics.theme_id
            and coalesce(questions.topic_id, 'all') = topics.topic_id
    group by all
),

final as (
    select
        named.*,
        breakdowns.breakdown_id,
        coalesce(breakdowns.breakdown_value, named.answer_name) as breakdown_value
    from named
    left join breakdowns
        on
            named.construct_id = breakdowns.construct_id
            and named.score = coalesce(breakdowns.answer_score, named.score)
)

select * from final
