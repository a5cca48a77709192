-- One row per council, wave, theme, topic, outcome, correlate, model, rule for missing answers and weighting: the
-- association with the outcome when the other correlates are held constant, next to r.
with

plan as (
    select * from {{ ref('plan_joint_correlates') }}
),

correlates as (
    select
        * exclude (is_withheld),
        case when not is_withheld then n_respondents end as n_shown,
        {{ effective_base('n_shown', 'n_effective') }} as n_base
    from {{ ref('est_joint_correlates') }}
    inner join plan
        using (council_id, wave_id, theme_id, topic_id, outcome_id, construct_id, missing_id, weighting_id)
),

pairs as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id as correlate_topic_id,
        construct_id,
        outcome_id,
        weighting_id,
        estimate as r,
        {{ p_value_of_stars() }} as p_value_of_r
    from {{ ref('est_correlates') }}
    where method_id = 'pearson'
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

models as (
    {{ labels_of('model_id') }}
),

missing_rules as (
    {{ labels_of('missing_id') }}
),

compared as (
    select
        *,
        {{ base_flags(respondents='n_shown') }},
        -- r of all who answered the question can differ from r of the respondents of the model.
        case when (p_value_of_r <= 0.05) = (correlation_p_value <= 0.05) then change_id else 'other_respondents' end
            as shown_change
    from correlates
    left join pairs using (council_id, wave_id, theme_id, correlate_topic_id, construct_id, outcome_id, weighting_id)
),

final as (
    select
        survey_topics.*,
        outcome_id,
        outcome_label,
        construct_id,
        construct_label,
        model_id,
        model_label,
        missing_id,
        missing_label,
        weighting_id,
        {{ reported('r', 3) }} as correlation_alone,
        {{ reported_stars('p_value_of_r') }} as correlation_alone_stars,
        {{ reported('standardised', 3) }} as standardised,
        {{ reported('standardised_lower', 3) }} as standardised_lower,
        {{ reported('standardised_upper', 3) }} as standardised_upper,
        {{ reported('100 * estimate', 2) }} as estimate,
        {{ unless_withheld(printed('100 * estimate', 2)) }} || {{ reported_stars('p_value') }} as estimate_label,
        {{ reported_stars('p_value') }} as stars,
        models.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported('n_effective', 0) }} as n_effective,
        std_error_type,
        {{ reported('100 * ci_lower', 2) }} as ci_lower,
        {{ reported('100 * ci_upper', 2) }} as ci_upper,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ reported('100 * share_of_r_squared', 1) }} as share_of_r_squared_pct,
        {{ reported('100 * share_lower', 1) }} as share_lower_pct,
        {{ reported('100 * share_upper', 1) }} as share_upper_pct,
        {{ reported('100 * r_squared', 1) }} as r_squared_pct,
        {{ reported('variance_inflation', 1) }} as variance_inflation,
        {{ unless_withheld('shown_change') }} as change_id,
        is_small_base,
        is_withheld,
        withheld_reason,
        {{ unless_withheld('reason') }} as reason,
        case
            when is_withheld then {{ sentence('withheld', {'reason': 'withheld_reason'}) }}
            when reason is not null then {{ sentence('not_tested', {'reason': 'reason'}) }}
            when shown_change = 'vanishes' then {{ sentence('joint_vanishes') }}
            when shown_change = 'turns' then {{ sentence('joint_turns') }}
            when shown_change = 'appears' then {{ sentence('joint_appears') }}
            when shown_change = 'stays' then {{ sentence('joint_stays') }}
            when shown_change = 'neither' then {{ sentence('joint_neither') }}
            else {{ sentence('joint_other_respondents') }}
        end as in_words
    from compared
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    left join outcomes using (outcome_id)
    left join models using (model_id)
    left join missing_rules using (missing_id)
)

select * from final
