-- One row per council, wave, theme, topic, values of all outcomes, answers to all correlates of the topic and weight: how
-- many citizens have this combination.
-- depends_on: {{ ref('int_correlated_columns') }}
with

respondents as (
    select * from {{ ref('int_included_groups') }}
    where respondent_role = 'citizen'
),

correlates as (
    select * from {{ ref('int_joint_models') }}
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
        [
            {%- for place in places_of_correlates() %}
            coalesce(max(correlate_values.score) filter (where correlates.place = {{ place }}), cast('nan' as double)){{ ',' if not loop.last }}
            {%- endfor %}
        ] as scores_by_place
    from {{ ref('int_correlate_values') }} as correlate_values
    inner join respondents using (respondent_number)
    inner join correlates using (council_id, wave_id, correlate_number)
    group by all
    having bool_and(score is not null or answer_kind in ('blank', 'dont_know', 'refused'))
),

outcome_sets as (
    select
        outcome_set_number,
        theme_id,
        string_agg(outcome_id, ',' order by outcome_id) as outcome_ids,
        string_agg(construct_id, ',' order by outcome_id) as outcome_construct_ids,
        list(coalesce(n_positive, 0) order by outcome_id) as n_positive,
        list(coalesce(n_answered, 0) order by outcome_id) as n_answered
    from {{ ref('int_outcome_sets') }}
    where topic_id = 'all'
    group by all
    having bool_or(n_answered > 0)
),

-- Sets that differ only in the outcomes of a part of the theme count together.
equal_sets as (
    select
        outcome_set_number,
        theme_id,
        min(outcome_set_number) over (partition by theme_id, outcome_ids, n_positive, n_answered) as first_set_number
    from outcome_sets
),

respondent_sets as (
    select
        respondent_number,
        unnest(outcome_set_numbers) as outcome_set_number
    from {{ ref('int_included_outcomes') }}
),

outcomes_of_respondents as (
    select
        respondent_sets.respondent_number,
        equal_sets.theme_id,
        equal_sets.first_set_number
    from respondent_sets
    inner join equal_sets using (outcome_set_number)
),

counted as (
    select
        model_number,
        outcomes_of_respondents.first_set_number as outcome_set_number,
        -- A model with fewer correlates than others has no more places.
        list_slice(answers.scores_by_place, 1, answers.n_constructs) as scores,
        respondents.weight,
        {{ count_respondents('respondents.weight') }}
    from answers
    inner join models using (model_number, n_constructs)
    inner join respondents using (respondent_number)
    inner join outcomes_of_respondents using (respondent_number, theme_id)
    group by all
),

final as (
    select
        models.council_id,
        models.wave_id,
        models.theme_id,
        models.topic_id,
        outcome_sets.outcome_ids,
        outcome_sets.outcome_construct_ids,
        outcome_sets.n_positive,
        outcome_sets.n_answered,
        models.construct_ids,
        models.correlate_topic_ids,
        counted.* exclude (model_number, outcome_set_number)
    from counted
    inner join models using (model_number)
    inner join outcome_sets using (outcome_set_number)
)

select * from final
