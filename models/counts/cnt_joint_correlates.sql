-- One row per council, wave, theme, topic, values of all outcomes, answers to all correlates of the topic and weight: how
-- many citizens have this combination.
with

respondents as (
    select * from {{ ref('int_included_groups') }}
    where respondent_role = 'citizen'
),

correlates as (
    select * from {{ ref('int_joint_models') }}
),

outcomes as (
    select distinct
        measure_number,
        theme_id,
        measure_id,
        construct_id
    from {{ ref('int_measured_columns') }}
    where is_outcome and topic_id = 'all'
),

models as (
    select
        model_number,
        council_id,
        wave_id,
        theme_id,
        topic_id,
        string_agg(construct_id, ',' order by construct_id) as construct_ids,
        string_agg(correlate_topic_id, ',' order by construct_id) as correlate_topic_ids,
        count(*) as n_constructs
    from correlates
    group by all
),

-- Only an answer that was asked for and exists can be imputed: not one that was not asked, does not apply or has no score.
answers as (
    select
        respondent_number,
        correlates.model_number,
        count(*) as n_constructs,
        list(coalesce(correlate_values.score, cast('nan' as double)) order by correlates.place) as scores
    from {{ ref('int_correlate_values') }} as correlate_values
    inner join respondents using (respondent_number)
    inner join correlates using (council_id, wave_id, correlate_number)
    group by all
    having bool_and(score is not null or answer_kind in ('blank', 'dont_know', 'refused'))
),

-- The numbers of measures have the order of their names.
values_of_outcomes as (
    select
        measure_values.respondent_number,
        outcomes.theme_id,
        list(measure_number order by measure_number) as measure_numbers,
        list(coalesce(measure_values.n_positive, 0) order by measure_number) as n_positive,
        list(coalesce(measure_values.n_answered, 0) order by measure_number) as n_answered
    from {{ ref('int_measure_values') }} as measure_values
    inner join outcomes using (measure_number)
    group by all
    having bool_or(n_answered > 0)
),

counted as (
    select
        model_number,
        values_of_outcomes.measure_numbers,
        values_of_outcomes.n_positive,
        values_of_outcomes.n_answered,
        answers.scores,
        respondents.weight,
        {{ count_respondents('respondents.weight') }}
    from answers
    inner join models using (model_number, n_constructs)
    inner join respondents using (respondent_number)
    inner join values_of_outcomes using (respondent_number, theme_id)
    group by all
),

outcome_lists as (
    select distinct
        measure_numbers,
        unnest(measure_numbers) as measure_number
    from counted
),

names_of_outcomes as (
    select
        outcome_lists.measure_numbers,
        string_agg(outcomes.measure_id, ',' order by measure_number) as outcome_ids,
        string_agg(outcomes.construct_id, ',' order by measure_number) as outcome_construct_ids
    from outcome_lists
    inner join outcomes using (measure_number)
    group by outcome_lists.measure_numbers
),

final as (
    select
        models.council_id,
        models.wave_id,
        models.theme_id,
        models.topic_id,
        names_of_outcomes.outcome_ids,
        names_of_outcomes.outcome_construct_ids,
        counted.n_positive,
        counted.n_answered,
        models.construct_ids,
        models.correlate_topic_ids,
        counted.* exclude (model_number, measure_numbers, n_positive, n_answered)
    from counted
    inner join models using (model_number)
    inner join names_of_outcomes using (measure_numbers)
)

select * from final
