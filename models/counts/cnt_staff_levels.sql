-- One row per council, wave, theme, topic, respondent role, measure and value: how many staff, and how many citizens of
-- the same survey, have it. Answers to correlates are fractions of their scale.
with

staff_surveys as (
    select distinct
        council_id,
        wave_id
    from {{ ref('dim_export') }}
    where respondent_role = 'staff'
),

outcomes as (
    select * from {{ ref('fct_respondent_theme') }}
),

answers as (
    select * from {{ ref('int_included_cells') }}
    where construct_role = 'correlate' and is_primary and answer_kind = 'valid' and theme_id is not null
),

scales as (
    select * from {{ ref('scales') }}
    where kind = 'ordinal' and minimum < maximum
),

measures as (
    {%- for measure_id, n_positive, n_answered in measures_of_levels() %}
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        respondent_role,
        weight,
        '{{ measure_id }}' as measure_id,
        cast({{ n_positive }} as double) as n_positive,
        cast({{ n_answered }} as double) as n_answered
    from outcomes
    where {{ n_positive }} is not null{{ ' and individual_index is not null' if measure_id == 'individual_index' }}
    union all
    {%- endfor %}
    select
        answers.council_id,
        answers.wave_id,
        answers.theme_id,
        answers.topic_id,
        answers.respondent_role,
        answers.weight,
        answers.construct_id as measure_id,
        answers.answer_score - scales.minimum as n_positive,
        scales.maximum - scales.minimum as n_answered
    from answers
    inner join scales on answers.scale_id = scales.scale_id
    where answers.answer_score is not null
),

final as (
    select
        measures.council_id,
        measures.wave_id,
        measures.theme_id,
        measures.topic_id,
        measures.respondent_role,
        measures.measure_id,
        measures.n_positive,
        measures.n_answered,
        {{ count_respondents('measures.weight') }}
    from measures
    inner join staff_surveys
        on
            measures.council_id = staff_surveys.council_id
            and measures.wave_id = staff_surveys.wave_id
    group by all
)

select * from final
