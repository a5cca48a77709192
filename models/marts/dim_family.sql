-- One row per family of tests, in the language of the build: its name, and how the p-values of its tests are adjusted.
-- A registered hypothesis is a family of its own, of correlates one for each method.
{{ config(materialized='view') }}
with

families as (
    select * from {{ ref('families') }}
),

hypotheses as (
    select * from {{ ref('hypotheses') }}
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
of_templates as (
    select distinct
        {{ filled('families.family_template', {
            'outcome_id': 'outcomes.outcome_id', 'method_id': 'methods.method_id'
        }) }} as family_id,
        {{ filled('sentences.template', {
            'outcome': 'lower(outcomes.outcome_label)', 'method': 'lower(methods.method_label)'
        }) }} as family_label,
        families.adjustment_id
    from families
    inner join sentences using (sentence_id)
    cross join outcomes
    cross join methods
),

of_hypotheses as (
    select
        'hypothesis_' || hypotheses.hypothesis_id || coalesce('_' || methods.method_id, '') as family_id,
        hypotheses.statement || coalesce(' (' || methods.method_label || ')', '') as family_label,
        case hypotheses.kind when 'primary' then 'holm' else 'benjamini_hochberg' end as adjustment_id
    from hypotheses
    left join methods on hypotheses.quantity_id = 'correlate'
),

named as (
    select * from of_templates
    union all by name
    select * from of_hypotheses
),

final as (
    select
        family_id,
        family_label,
        adjustment_id,
        adjustments.adjustment_label
    from named
    inner join adjustments using (adjustment_id)
)

select * from final
