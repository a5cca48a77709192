-- One row per council, wave, theme, topic, outcome, contrast, model and weighting: the effect of a nudge against none, in
-- points of 0-100, as in Table 5 of the paper.
with

nudge_effects as (
    select
        *,
        -- A contrast is as weak as its smaller arm.
        least(n_arm, n_control) as n_base
    from {{ ref('est_nudge_effects') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

nudge_arms as (
    select * from {{ ref('dim_nudge_arm') }}
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        contrast_id,
        model_id,
        weighting_id,
        {{ reported('estimate', 1) }} as estimate,
        case when n_base >= {{ var('minimum_base') }} then {{ stars('p_value') }} else '' end as stars,
        {{ reported('ci_lower', 1) }} as ci_lower,
        {{ reported('ci_upper', 1) }} as ci_upper,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_randomisation') }} as p_value_randomisation,
        {{ reported_p('p_value_randomisation_error') }} as p_value_randomisation_error,
        {{ reported_p('p_value_max_t') }} as p_value_max_t,
        {{ reported_p('p_value_max_t_survey') }} as p_value_max_t_survey,
        {{ reported_p('headline_p_value') }} as headline_p_value,
        {{ unless_withheld('headline_p_value_type') }} as headline_p_value_type,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ reported('minimum_detectable', 1) }} as minimum_detectable,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_arm') }} as n_arm,
        {{ unless_withheld('n_control') }} as n_control,
        {{ reported('n_effective_arm', 0) }} as n_effective_arm,
        {{ reported('n_effective_control', 0) }} as n_effective_control,
        {{ reported('design_effect', 2) }} as design_effect,
        {{ base_flags() }}
    from nudge_effects
),

final as (
    select
        rounded.council_id,
        surveys.council_label,
        rounded.wave_id,
        rounded.theme_id,
        topics.theme_label,
        rounded.topic_id,
        topics.topic_label,
        rounded.outcome_id,
        {{ outcome_label('rounded.outcome_id') }} as outcome_label,
        rounded.contrast_id,
        case
            when rounded.contrast_id = 'interaction' then 'Both nudges beyond the sum of each alone'
            else coalesce(nudge_arms.arm_label, rounded.contrast_id) || ' against no nudge'
        end as contrast_label,
        rounded.model_id,
        rounded.weighting_id,
        rounded.estimate,
        {{ printed('rounded.estimate', 1) }} || rounded.stars as estimate_label,
        rounded.stars,
        'points of 0-100' as unit_label,
        rounded.n_respondents,
        rounded.n_arm,
        rounded.n_control,
        rounded.n_effective_arm,
        rounded.n_effective_control,
        rounded.design_effect,
        rounded.ci_lower,
        rounded.ci_upper,
        rounded.p_value,
        rounded.p_value_randomisation,
        rounded.p_value_randomisation_error,
        rounded.p_value_max_t,
        rounded.p_value_max_t_survey,
        rounded.headline_p_value,
        rounded.headline_p_value_type,
        rounded.p_value_adjusted,
        rounded.minimum_detectable,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        surveys.provenance
    from rounded
    inner join surveys
        on
            rounded.council_id = surveys.council_id
            and rounded.wave_id = surveys.wave_id
    inner join topics
        on
            rounded.theme_id = topics.theme_id
            and rounded.topic_id = topics.topic_id
    left join nudge_arms on rounded.contrast_id = nudge_arms.arm_id
)

select * from final
order by council_id, wave_id, theme_id, topic_id, outcome_id, contrast_id, model_id, weighting_id
