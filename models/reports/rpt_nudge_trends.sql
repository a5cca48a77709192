-- One row per council, wave, theme, topic, outcome, test and arm of a graded series of nudges: whether a stronger nudge
-- has a larger effect.
with

plan as (
    select * from {{ ref('plan_experiments') }}
),

trends as (
    select
        *,
        -- A comparison is withheld by the size of its smaller side.
        case when not is_experiment_withheld then least(n_arm, n_control) end as n_base,
        -- The permutation p if there is one, as in the checks; for one of several arms, the p that allows for all arms.
        {{ three_digits('coalesce(p_value_max_t, p_value_randomisation, p_value)') }} as p_value_of_verdict,
        {{ base_flags() }}
    from {{ ref('est_nudge_trends') }}
    inner join plan using (council_id, wave_id, theme_id, topic_id, outcome_id)
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

tests as (
    {{ labels_of('test_id') }}
),

arms as (
    {{ labels_of('arm_id') }}
),

final as (
    select
        survey_topics.*,
        outcome_id,
        outcome_label,
        test_id,
        test_label,
        arm_id,
        arm_label,
        strength,
        weighting_id,
        {{ reported('estimate', 1) }} as estimate,
        tests.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_arm') }} as n_arm,
        {{ unless_withheld('n_control') }} as n_control,
        {{ reported('ci_lower', 1) }} as ci_lower,
        {{ reported('ci_upper', 1) }} as ci_upper,
        {{ reported('statistic', 2) }} as statistic,
        {{ reported('df', 1) }} as df,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_randomisation') }} as p_value_randomisation,
        {{ reported_p('p_value_max_t') }} as p_value_max_t,
        {{ reported('minimum_detectable', 1) }} as minimum_detectable,
        is_small_base,
        is_withheld,
        withheld_reason,
        {{ unless_withheld('reason') }} as reason,
        case
            when is_withheld then {{ sentence('withheld', {'reason': 'withheld_reason'}) }}
            when test_id = 'isotonic' and reason is null then {{ sentence('trend_isotonic') }}
            when p_value_of_verdict is null then {{ sentence('not_tested', {'reason': 'reason'}) }}
            when p_value_of_verdict > 0.05 then {{ sentence('trend_chance') }}
            when test_id = 'departure' then {{ sentence('trend_uneven') }}
            when test_id = 'monotone' then {{ sentence('trend_rises_somewhere') }}
            when {{ round_half_away('estimate', 1) }} > 0 then {{ sentence('trend_rises') }}
            else {{ sentence('trend_falls') }}
        end as in_words
    from trends
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join outcomes using (outcome_id)
    left join tests using (test_id)
    left join arms using (arm_id)
)

select * from final
