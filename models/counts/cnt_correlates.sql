-- One row per council, wave, theme, correlate (topic, construct), outcome, value of the outcome and answer to the
-- correlate: how many citizens have this combination. Missing answers are counted too.
with

respondents as (
    select
        *,
        dense_rank() over (order by council_id, wave_id) as survey_number
    from {{ ref('int_included_groups') }}
    where respondent_role = 'citizen'
),

surveys as (
    select distinct
        survey_number,
        council_id,
        wave_id
    from respondents
),

pairs as (
    select distinct
        measures.measure_number,
        measures.measure_id as outcome_id,
        correlates.correlate_number,
        theme_id,
        correlates.topic_id,
        correlates.construct_id
    from {{ ref('int_measured_columns') }} as measures
    inner join {{ ref('int_correlated_columns') }} as correlates using (theme_id)
    where measures.is_outcome and measures.topic_id = 'all' and measures.construct_id <> correlates.construct_id
),

outcome_values as (
    select
        respondent_number,
        measure_values.measure_number,
        measure_values.n_positive,
        measure_values.n_answered,
        respondents.survey_number,
        respondents.weight
    from {{ ref('int_measure_values') }} as measure_values
    inner join respondents using (respondent_number)
    where measure_values.measure_number in (select pairs.measure_number from pairs)
),

correlate_values as (
    select * from {{ ref('int_correlate_values') }}
),

counted as (
    select
        outcome_values.survey_number,
        measure_number,
        correlate_number,
        outcome_values.n_positive,
        outcome_values.n_answered,
        correlate_values.answer_kind,
        correlate_values.score,
        count(*) filter (where outcome_values.weight > 0) as n_weighted,
        {{ count_respondents('outcome_values.weight') }},
        {{ sum_of_fourth_powers('outcome_values.weight') }}
    from correlate_values
    inner join pairs using (correlate_number)
    inner join outcome_values using (respondent_number, measure_number)
    group by all
),

final as (
    select
        surveys.council_id,
        surveys.wave_id,
        pairs.theme_id,
        pairs.topic_id,
        pairs.construct_id,
        pairs.outcome_id,
        counted.* exclude (survey_number, measure_number, correlate_number)
    from counted
    inner join surveys using (survey_number)
    inner join pairs using (measure_number, correlate_number)
)

select * from final
