-- One row per nudge effect and correlation of a study that declared a smallest effect: the 90 per cent interval, and
-- whether the effect is too small to matter, matters, or is undecided.
with

equivalence as (
    select
        *,
        coalesce(construct_id, 'nudge') as divided_by_id
    from {{ ref('est_equivalence') }}
),

plan_of_correlates as (
    select * exclude (n_respondents) from {{ ref('plan_correlates') }}
),

plan_of_experiments as (
    select * from {{ ref('plan_experiments') }}
),

weights as (
    select * exclude (rule_id) rename (construct_id as divided_by_id) from {{ ref('plan_weighted_outcomes') }}
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

studies as (
    select * from {{ ref('dim_study') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

contrasts as (
    {{ labels_of('contrast_id') }}
),

quantities as (
    {{ labels_of('quantity_id') }}
),

verdicts as (
    {{ labels_of('verdict_id') }}
),

-- Withheld like the effects and correlations themselves. An estimate without a row of its plan is withheld.
planned as (
    select
        equivalence.*,
        case quantity_id
            when 'nudge' then not list_has_any(withheld_arms, ['none', contrast_id])
            else not plan_of_correlates.is_withheld
        end
        and (weighting_id = 'unweighted' or not coalesce(are_weights_withheld, true)) as is_shown,
        case when is_shown then n_smallest end as n_shown,
        {{ effective_base('n_shown', 'n_effective') }} as n_base
    from equivalence
    left join weights using (council_id, wave_id, theme_id, topic_id, outcome_id, divided_by_id)
    left join plan_of_experiments using (council_id, wave_id, theme_id, topic_id, outcome_id)
    left join plan_of_correlates using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
),

final as (
    select
        survey_topics.*,
        studies.study_id,
        studies.study_label,
        quantity_id,
        outcome_id,
        outcome_label,
        contrast_id,
        contrast_label,
        construct_id,
        construct_label,
        weighting_id,
        {{ reported('estimate', 'quantities.decimals') }} as estimate,
        quantities.unit_label,
        smallest_effect,
        {{ reported('ci90_lower', 'quantities.decimals') }} as ci90_lower,
        {{ reported('ci90_upper', 'quantities.decimals') }} as ci90_upper,
        {{ reported_p('p_value_tost') }} as p_value_tost,
        {{ reported_p('p_value_beyond') }} as p_value_beyond,
        {{ unless_withheld('verdict_id') }} as verdict_id,
        {{ unless_withheld('verdict_label') }} as verdict,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ base_flags(respondents='n_shown') }},
        {{ unless_withheld('reason') }} as reason
    from planned
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join studies using (council_id, wave_id)
    inner join quantities using (quantity_id)
    left join verdicts using (verdict_id)
    left join outcomes using (outcome_id)
    left join contrasts using (contrast_id)
    left join constructs using (construct_id)
)

select * from final
