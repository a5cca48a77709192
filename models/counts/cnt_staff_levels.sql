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

outcome_measures as (
    select * from {{ ref('fct_respondent_measure') }}
    where n_answered is not null
),

respondents as (
    select * from {{ ref('int_included_groups') }}
),

cells as (
    select * from {{ ref('int_coded_cells') }}
    where construct_role = 'correlate' and is_primary and answer_kind = 'valid' and theme_id is not null
),

scales as (
    select * from {{ ref('scales') }}
    where kind = 'ordinal' and minimum < maximum
),

measures as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        respondent_role,
        weight,
        measure_id,
        n_positive,
        n_answered
    from outcome_measures
    union all
    select
        respondents.council_id,
        respondents.wave_id,
        cells.theme_id,
        cells.topic_id,
        respondents.respondent_role,
        respondents.weight,
        cells.construct_id as measure_id,
        cells.answer_score - scales.minimum as n_positive,
        scales.maximum - scales.minimum as n_answered
    from cells
    inner join respondents using (respondent_number)
    inner join scales using (scale_id)
    where cells.answer_score is not null
),

final as (
    select
        council_id,
        wave_id,
        measures.theme_id,
        measures.topic_id,
        measures.respondent_role,
        measures.measure_id,
        measures.n_positive,
        measures.n_answered,
        {{ count_respondents('measures.weight') }}
    from measures
    inner join staff_surveys using (council_id, wave_id)
    group by all
)

select * from final
