-- One row per council, wave, theme, topic, outcome, check and contrast: whether a survey's experiment can be trusted, and
-- how far missing outcomes could move its effects.
with

plan as (
    select * from {{ ref('plan_experiments') }}
),

plan_of_surveys as (
    select
        council_id,
        wave_id,
        bool_or(is_experiment_withheld) as is_an_experiment_withheld
    from plan
    group by all
),

-- The permutation p if there is one, because it is valid even if few outcomes are missing.
checks as (
    select
        * replace (coalesce(p_value_randomisation, p_value) as p_value),
        'all' as contrast_id,
        100 * largest_difference as estimate,
        100 * share_missing as missing_pct,
        -- All arms are compared, so a small one would be revealed.
        case
            when outcome_id = 'all' and not is_an_experiment_withheld then n_respondents
            when not (is_experiment_withheld or is_all_missing_withheld) then n_respondents
        end as n_base
    from {{ ref('est_nudge_checks') }}
    inner join plan_of_surveys using (council_id, wave_id)
    left join plan using (council_id, wave_id, theme_id, topic_id, outcome_id)
),

bounds as (
    select
        *,
        method_id || '_bounds' as check_id,
        100 * greatest(share_missing_arm, share_missing_control) as missing_pct,
        n_arm + n_control as n_respondents,
        case
            when not list_has_any(arms_without_bounds, ['none', contrast_id]) then least(n_arm, n_control)
        end as n_base
    from {{ ref('est_nudge_bounds') }}
    inner join plan using (council_id, wave_id, theme_id, topic_id, outcome_id)
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

labels_of_checks as (
    {{ labels_of('check_id') }}
),

contrasts as (
    {{ labels_of('contrast_id') }}
),

with_verdict as (
    select
        *,
        case
            when reason is not null then {{ sentence('not_tested', {'reason': 'reason'}) }}
            when p_value <= 0.05 then {{ sentence('check_unusual') }}
            else {{ sentence('check_usual') }}
        end as verdict
    from checks
    union all by name
    select
        *,
        case
            when reason is not null then {{ sentence('no_bounds', {'reason': 'reason'}) }}
            when bound_lower > 0 or bound_upper < 0 then {{ sentence('bounds_sign_holds') }}
            else {{ sentence('bounds_sign_open') }}
        end as verdict
    from bounds
),

final as (
    select
        survey_topics.*,
        outcome_id,
        outcome_label,
        check_id,
        check_label,
        contrast_id,
        contrast_label,
        weighting_id,
        -- A tenth of a point of a check would reveal the exact sizes of the arms.
        {{ reported('estimate', "case contrast_id when 'all' then 0 else 1 end") }} as estimate,
        labels_of_checks.unit_label,
        {{ reported('bound_lower', 1) }} as bound_lower,
        {{ reported('bound_upper', 1) }} as bound_upper,
        {{ reported('missing_pct', 0) }} as missing_pct,
        {{ reported('statistic', 2) }} as statistic,
        {{ reported('df', 1) }} as df,
        {{ reported_p('p_value') }} as p_value,
        {{ unless_withheld('verdict') }} as verdict,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ base_flags() }}
    from with_verdict
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join outcomes using (outcome_id)
    left join labels_of_checks using (check_id)
    left join contrasts using (contrast_id)
)

select * from final
