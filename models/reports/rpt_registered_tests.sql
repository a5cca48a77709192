-- One row per registered hypothesis and test of it: what was found, and whether it is what the study registered.
{{ config(materialized='view') }}
with

hypotheses as (
    select * from {{ ref('hypotheses') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

verdicts as (
    {{ labels_of('verdict_id') }}
),

family_of_effects as (
    select * from {{ ref('est_nudge_effects') }}
    where family_id like 'hypothesis\_%' escape '\'
),

family_of_correlates as (
    select * from {{ ref('est_correlates') }}
    where family_id like 'hypothesis\_%' escape '\'
),

effects as (
    select
        reported.*,
        found.family_id,
        found.n_family,
        'nudge' as quantity_id
    from {{ ref('rpt_nudge_effects') }} as reported
    inner join family_of_effects as found
        using (council_id, wave_id, theme_id, topic_id, outcome_id, contrast_id, model_id, weighting_id)
),

correlates as (
    select
        reported.*,
        found.family_id,
        found.n_family,
        'correlate' as quantity_id
    from {{ ref('rpt_correlates') }} as reported
    inner join family_of_correlates as found
        using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, method_id, weighting_id)
    where method_id = 'pearson'
),

tests as (
    select * from effects
    union all by name
    select * from correlates
),

judged as (
    select
        tests.*,
        hypotheses.* exclude (quantity_id),
        case
            when p_value_adjusted is null then null
            when p_value_adjusted > 0.05 then 'not_settled'
            when direction = 'positive' and estimate < 0 or direction = 'negative' and estimate > 0 then 'contradicted'
            else 'supported'
        end as verdict_id
    from tests
    inner join hypotheses
        on
            tests.family_id
            = 'hypothesis_' || hypothesis_id || case tests.quantity_id when 'nudge' then '' else '_' || method_id end
),

final as (
    select
        hypothesis_id,
        statement,
        study_id,
        kind,
        direction,
        registered_on,
        registered_on <= surveys.fieldwork_start as is_before_fieldwork,
        council_id,
        judged.council_label,
        wave_id,
        theme_id,
        theme_label,
        topic_id,
        topic_label,
        quantity_id,
        outcome_id,
        outcome_label,
        contrast_id,
        contrast_label,
        construct_id,
        construct_label,
        weighting_id,
        estimate,
        estimate_label,
        judged.unit_label,
        ci_lower,
        ci_upper,
        p_value_adjusted,
        adjustment_id,
        n_family,
        verdict_id,
        verdict_label as verdict,
        is_small_base,
        is_withheld,
        withheld_reason,
        reason,
        judged.provenance
    from judged
    inner join {{ ref('dim_family') }} using (family_id)
    inner join surveys using (council_id, wave_id)
    left join verdicts using (verdict_id)
)

select * from final
