-- One row per council, wave, theme, correlate (topic, construct), outcome, replicate and pair of values: the sum of
-- replicate weights, in surveys whose files have them.
with

outcome_values as (
    select * rename (measure_id as outcome_id) from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and is_outcome and topic_id = 'all' and n_answered > 0
),

replicate_weights as (
    select * from {{ ref('int_replicate_weights') }}
),

coded_respondents as (
    select
        coded.respondent_number,
        coded.export_id,
        coded.answer_ids,
        coded.unlisted_labels,
        respondents.respondent_key
    from {{ ref('stg_coded_exports') }} as coded
    inner join {{ ref('int_respondents') }} as respondents using (respondent_number)
    where respondents.respondent_key in (select replicate_weights.respondent_key from replicate_weights)
),

correlates as (
    select * from ({{ correlates_of('coded_respondents', ['respondent_number', 'respondent_key']) }}) as answers
    where answer_kind = 'valid' and score is not null
),

final as (
    select
        outcome_values.council_id,
        outcome_values.wave_id,
        theme_id,
        correlates.topic_id,
        correlates.construct_id,
        outcome_values.outcome_id,
        replicate_weights.replicate_number,
        replicate_weights.replicate_factor,
        outcome_values.n_positive,
        outcome_values.n_answered,
        correlates.score,
        sum(replicate_weights.replicate_weight) as sum_replicate_weight
    from replicate_weights
    inner join outcome_values using (respondent_key)
    inner join correlates using (respondent_key, theme_id)
    where outcome_values.construct_id <> correlates.construct_id
    group by all
)

select * from final
