-- One row per council, wave, theme, topic, values of all outcomes, answers to all correlates of the topic and weight: how
-- many citizens have this combination.
with

outcome_values as (
    select * from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and is_outcome and topic_id = 'all'
),

correlates as (
    select * rename (topic_id as correlate_topic_id) from {{ ref('fct_respondent_correlate') }}
    where respondent_role = 'citizen'
),

questions as (
    select distinct
        council_id,
        wave_id,
        theme_id,
        correlate_topic_id,
        construct_id
    from correlates
),

-- The whole theme is a topic of its own only if no correlate is about a part of it.
topics as (
    select distinct
        council_id,
        wave_id,
        theme_id,
        correlate_topic_id as topic_id
    from questions
    qualify topic_id <> 'all' or bool_and(correlate_topic_id = 'all') over (partition by council_id, wave_id, theme_id)
),

-- If a question is asked about the topic and about the theme, the one about the topic is in the model.
models as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        coalesce(max(correlate_topic_id) filter (where correlate_topic_id = topic_id), 'all') as correlate_topic_id,
        count(*) over (partition by council_id, wave_id, theme_id, topic_id) as n_constructs
    from topics
    inner join questions using (council_id, wave_id, theme_id)
    where correlate_topic_id in ('all', topic_id)
    group by council_id, wave_id, theme_id, topic_id, construct_id
),

-- Only an answer that was asked for and exists can be imputed: not one that was not asked, does not apply or has no score.
answers as (
    select
        respondent_key,
        council_id,
        wave_id,
        theme_id,
        topic_id,
        string_agg(construct_id, ',' order by construct_id) as construct_ids,
        string_agg(correlate_topic_id, ',' order by construct_id) as correlate_topic_ids,
        list(coalesce(score, cast('nan' as double)) order by construct_id) as scores
    from models
    inner join correlates using (council_id, wave_id, theme_id, correlate_topic_id, construct_id)
    group by respondent_key, council_id, wave_id, theme_id, topic_id
    having
        count(*) = any_value(n_constructs)
        and bool_and(score is not null or answer_kind in ('blank', 'dont_know', 'refused'))
),

outcomes as (
    select
        respondent_key,
        theme_id,
        weight,
        string_agg(measure_id, ',' order by measure_id) as outcome_ids,
        string_agg(construct_id, ',' order by measure_id) as outcome_construct_ids,
        list(coalesce(n_positive, 0) order by measure_id) as n_positive,
        list(coalesce(n_answered, 0) order by measure_id) as n_answered
    from outcome_values
    group by respondent_key, theme_id, weight
    having bool_or(n_answered > 0)
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_ids,
        outcome_construct_ids,
        n_positive,
        n_answered,
        construct_ids,
        correlate_topic_ids,
        scores,
        weight,
        {{ count_respondents('weight') }}
    from answers
    inner join outcomes using (respondent_key, theme_id)
    group by all
)

select * from final
