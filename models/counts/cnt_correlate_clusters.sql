-- One row per council, wave, theme, correlate (topic, construct), outcome, stratum, cluster and pair of values: how many
-- citizens have it, in surveys that declare their design. Missing answers are counted too.
with

outcome_values as (
    select * rename (measure_id as outcome_id) from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and is_outcome and topic_id = 'all'
),

clusters as (
    select * from {{ ref('int_clusters') }}
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
    where respondents.respondent_key in (select clusters.respondent_key from clusters)
),

correlates as (
    {{ correlates_of('coded_respondents', ['respondent_number', 'respondent_key']) }}
),

final as (
    select
        outcome_values.council_id,
        outcome_values.wave_id,
        theme_id,
        correlates.topic_id,
        correlates.construct_id,
        outcome_values.outcome_id,
        clusters.stratum_number,
        clusters.cluster_number,
        clusters.panel_size,
        outcome_values.n_positive,
        outcome_values.n_answered,
        correlates.answer_kind,
        correlates.score,
        count(*) filter (where outcome_values.weight > 0) as n_weighted,
        {{ count_respondents('outcome_values.weight') }},
        {{ sum_of_fourth_powers('outcome_values.weight') }}
    from clusters
    inner join outcome_values using (respondent_key)
    inner join correlates using (respondent_key, theme_id)
    where outcome_values.construct_id <> correlates.construct_id
    group by all
)

select * from final
