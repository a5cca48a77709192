-- One row per council, wave, theme, topic, measure and breakdown: the level in per cent, as in Table 2 of the paper.
with

levels as (
    select
        estimates.*,
        measures.measure_label,
        measures.unit_label,
        {%- for column in ['estimate', 'ci_lower', 'ci_upper'] %}
        measures.unit_minimum + (measures.unit_maximum - measures.unit_minimum) * estimates.{{ column }} as {{ column }}_in_unit,
        {%- endfor %}
        measures.decimals
    from {{ ref('est_levels') }} as estimates
    inner join {{ ref('dim_measure') }} as measures using (measure_id)
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

breakdowns as (
    {{ labels_of('breakdown_id') }}
),

plan as (
    select
        * exclude (construct_id, n_respondents, n_with, rule_id, is_withheld),
        is_withheld as is_part_withheld
    from {{ ref('plan_groups') }}
),

weights as (
    select * exclude (rule_id, is_raked) from {{ ref('plan_weighted_levels') }}
),

decided as (
    select
        *,
        case when not is_part_withheld and (weighting_id = 'unweighted' or not are_weights_withheld) then n_respondents end
            as n_shown,
        {{ effective_base('n_shown', 'n_effective') }} as n_base
    from levels
    inner join plan using (council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value)
    inner join weights using (council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value)
),

final as (
    select
        survey_topics.*,
        measure_id,
        measure_label,
        breakdown_id,
        coalesce(breakdown_label, breakdown_id) as breakdown_label,
        breakdown_value,
        weighting_id,
        {{ reported('estimate_in_unit', 'decided.decimals') }} as estimate,
        {{ printed(reported('estimate_in_unit', 'decided.decimals'), 'decided.decimals') }} as estimate_label,
        '' as stars,
        decided.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_effective') }} as n_effective,
        {{ unless_withheld('std_error_type') }} as std_error_type,
        {{ reported('ci_lower_in_unit', 'decided.decimals') }} as ci_lower,
        {{ reported('ci_upper_in_unit', 'decided.decimals') }} as ci_upper,
        {{ base_flags(respondents='n_shown') }},
        {{ unless_withheld('reason') }} as reason
    from decided
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join breakdowns using (breakdown_id)
)

select * from final
