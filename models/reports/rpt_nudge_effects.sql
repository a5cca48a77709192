-- One row per council, wave, theme, topic, outcome, contrast, model and weighting: the effect of an arm compared with
-- no nudge, in points of 0-100, as in Table 5 of the paper.
with

plan as (
    select * from {{ ref('plan_experiments') }}
),

weights as (
    select * exclude (construct_id, rule_id) from {{ ref('plan_weighted_outcomes') }}
    where construct_id = 'nudge'
),

nudge_effects as (
    select
        *,
        -- The interaction needs all arms.
        list_has_any(withheld_arms, ['none', contrast_id])
        or (contrast_id = 'interaction' and is_experiment_withheld)
        or (weighting_id = 'weighted' and are_weights_withheld) as is_contrast_withheld,
        -- A contrast is withheld by the size of its smaller arm.
        case when not is_contrast_withheld then least(n_arm, n_control) end as n_smaller_arm,
        {{ effective_base('n_smaller_arm', 'least(n_effective_arm, n_effective_control)') }} as n_base,
        -- The other models have no headline p.
        case when model_id = 'dummies' then headline_p_value else p_value end as p_value_of_stars
    from {{ ref('est_nudge_effects') }}
    inner join plan using (council_id, wave_id, theme_id, topic_id, outcome_id)
    inner join weights using (council_id, wave_id, theme_id, topic_id, outcome_id)
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

contrasts as (
    {{ labels_of('contrast_id') }}
),

models as (
    {{ labels_of('model_id') }}
),

final as (
    select
        survey_topics.*,
        outcome_id,
        outcome_label,
        contrast_id,
        contrast_label,
        model_id,
        model_label,
        weighting_id,
        {{ reported('estimate', 1) }} as estimate,
        {{ printed(reported('estimate', 1), 1) }} || {{ reported_stars('p_value_of_stars') }} as estimate_label,
        {{ reported_stars('p_value_of_stars') }} as stars,
        models.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_arm') }} as n_arm,
        {{ unless_withheld('n_control') }} as n_control,
        {{ reported('n_effective_arm', 0) }} as n_effective_arm,
        {{ reported('n_effective_control', 0) }} as n_effective_control,
        {{ reported('design_effect', 1) }} as design_effect,
        {{ unless_withheld('std_error_type') }} as std_error_type,
        {{ reported('ci_lower', 1) }} as ci_lower,
        {{ reported('ci_upper', 1) }} as ci_upper,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_randomisation') }} as p_value_randomisation,
        {{ reported_p('p_value_randomisation_error') }} as p_value_randomisation_error,
        {{ reported_p('p_value_max_t') }} as p_value_max_t,
        {{ reported_p('p_value_max_t_survey') }} as p_value_max_t_survey,
        {{ unless_withheld('n_permutations') }} as n_permutations,
        {{ reported_p('headline_p_value') }} as headline_p_value,
        {{ unless_withheld('headline_p_value_type') }} as headline_p_value_type,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ reported('minimum_detectable', 1) }} as minimum_detectable,
        {{ unless_withheld('n_merged_levels') }} as n_merged_levels,
        {{ base_flags(respondents='n_smaller_arm') }},
        {{ unless_withheld('reason') }} as reason
    from nudge_effects
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join outcomes using (outcome_id)
    left join contrasts using (contrast_id)
    left join models using (model_id)
)

select * from final
