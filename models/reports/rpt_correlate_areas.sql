-- One row per wave, correlate and outcome: the number of areas with a significant correlation, as a hypothesis for
-- rpt_hypotheses.
{{ config(materialized='view') }}
with

correlates as (
    select * from {{ ref('rpt_correlates') }}
    where method_id = 'pearson' and weighting_id = 'unweighted' and estimate is not null
),

-- Like the paper, this report counts each theme of a council once, whatever its number of topics.
areas as (
    select
        outcome_id,
        outcome_label,
        construct_id,
        construct_label,
        wave_id,
        council_id,
        theme_id,
        bool_or(stars <> '' and estimate > 0) as is_positive,
        bool_or(stars <> '' and estimate < 0) as is_negative,
        max(provenance) as provenance
    from correlates
    group by all
),

counted as (
    select
        outcome_id,
        lower(outcome_label) as outcome_label,
        construct_id,
        construct_label,
        wave_id,
        count(*) as n_areas,
        count(*) filter (where is_positive) as n_positive,
        count(*) filter (where is_negative) as n_negative,
        max(provenance) as provenance
    from areas
    group by all
),

final as (
    select
        'correlate_' || construct_id || '_' || outcome_id as hypothesis_id,
        wave_id,
        {{ sentence('areas_statement', {'construct': 'construct_label', 'outcome': 'outcome_label'}) }} as statement,
        {{ sentence('areas_expected') }} as expected,
        {{ sentence('areas_test') }} as test,
        n_positive,
        {{ sentence('areas_verdict', {
            'n_positive': 'n_positive', 'n_areas': 'n_areas', 'n_negative': 'n_negative'
        }) }} as verdict,
        {{ sentence('areas_found', {
            'construct': 'construct_label',
            'outcome': 'outcome_label',
            'n_positive': 'n_positive',
            'n_areas': 'n_areas',
            'n_negative': 'n_negative',
        }) }} as in_words,
        provenance
    from counted
)

select * from final
