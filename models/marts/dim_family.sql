-- One row per family of tests, in the language of the build: its name, and how the p-values of its tests are adjusted.
{{ config(materialized='view') }}
with

families as (
    select * from {{ ref('families') }}
),

sentences as (
    select
        sentence_id,
        template
    from {{ ref('sentences') }}
    where language = '{{ var("language") }}'
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

methods as (
    {{ labels_of('method_id') }}
),

adjustments as (
    {{ labels_of('adjustment_id') }}
),

-- A family whose template names no outcome covers all outcomes; the same holds for methods.
final as (
    select distinct
        {{ filled('families.family_template', {
            'outcome_id': 'outcomes.outcome_id', 'method_id': 'methods.method_id'
        }) }} as family_id,
        {{ filled('sentences.template', {
            'outcome': 'lower(outcomes.outcome_label)', 'method': 'lower(methods.method_label)'
        }) }} as family_label,
        families.adjustment_id,
        adjustments.adjustment_label
    from families
    inner join sentences using (sentence_id)
    inner join adjustments using (adjustment_id)
    cross join outcomes
    cross join methods
)

select * from final
