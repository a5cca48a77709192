-- One row per council, wave, theme, topic, values of all outcomes, answers to all correlates of the topic and weight: how
-- many citizens have this combination.
with

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
    from {{ ref('int_joint_models') }}
    group by all
),

-- An export that does not ask about one of the correlates has no respondents in the model.
models_of_exports as (
    select
        exports.export_id,
        models.model_number,
        models.theme_id,
        list(scores.place_in_scores order by correlates.place) as places
    from {{ ref('stg_exports') }} as exports
    inner join models using (council_id, wave_id)
    inner join {{ ref('int_joint_models') }} as correlates using (model_number)
    inner join {{ places_of_scores() }} as scores using (export_id, correlate_number)
    group by exports.export_id, models.model_number, models.theme_id, models.n_constructs
    having count(*) = models.n_constructs
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
        min(outcome_set_number) over (partition by theme_id, outcome_ids, n_positive, n_answered) as first_set_number
    from outcome_sets
),

scored_respondents as (
    select
        scores.export_id,
        scores.scores,
        outcomes.outcome_set_numbers,
        respondents.weight
    from {{ ref('int_correlate_scores') }} as scores
    inner join {{ ref('int_included_outcomes') }} as outcomes using (respondent_number)
    inner join {{ ref('int_included_groups') }} as respondents using (respondent_number)
    where respondents.respondent_role = 'citizen'
),

answers as (
    select
        models_of_exports.model_number,
        list_extract(scored_respondents.outcome_set_numbers, themes.theme_number) as outcome_set_number,
        list_select(scored_respondents.scores, models_of_exports.places) as scores,
        scored_respondents.weight
    from scored_respondents
    inner join models_of_exports using (export_id)
    inner join {{ numbered_themes() }} as themes using (theme_id)
),

counted as (
    select
        answers.model_number,
        equal_sets.first_set_number as outcome_set_number,
        answers.scores,
        answers.weight,
        {{ count_respondents('answers.weight') }}
    from answers
    inner join equal_sets using (outcome_set_number)
    where not list_contains(answers.scores, {{ no_score() }})
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
