-- One row per council, wave, theme, topic, outcome, test and arm of a graded series of nudges: whether a stronger nudge
-- does more.
with

trends as (
    select
        *,
        -- A comparison of arms is as weak as its smaller side.
        least(n_arm, n_control) as n_base
    from {{ ref('est_nudge_trends') }}
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
        test_id,
        arm_id,
        strength,
        weighting_id,
        {{ reported('estimate', 1) }} as estimate,
        {{ reported('ci_lower', 1) }} as ci_lower,
        {{ reported('ci_upper', 1) }} as ci_upper,
        {{ reported('statistic', 2) }} as statistic,
        {{ reported('df', 1) }} as df,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_randomisation') }} as p_value_randomisation,
        {{ reported_p('p_value_max_t') }} as p_value_max_t,
        {{ reported('minimum_detectable', 1) }} as minimum_detectable,
        -- The permutation p where there is one, as in the checks; for one arm of several the p that allows for them all.
        {{ reported_p('coalesce(p_value_max_t, p_value_randomisation, p_value)') }} as p_value_of_verdict,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_arm') }} as n_arm,
        {{ unless_withheld('n_control') }} as n_control,
        {{ unless_withheld('reason') }} as reason,
        {{ base_flags() }}
    from trends
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
        rounded.test_id,
        case rounded.test_id
            when 'linear' then 'Slope along the strength'
            when 'cochran_armitage' then 'Trend of a share (Cochran-Armitage)'
            when 'step_up' then 'Each arm against no nudge'
            when 'isotonic' then 'Means that never fall'
            when 'monotone' then 'Any rise along the strength'
            when 'departure' then 'Departure from a straight line'
        end as test_label,
        rounded.arm_id,
        case rounded.arm_id
            when 'all' then 'The whole series'
            else coalesce(nudge_arms.arm_label, rounded.arm_id)
        end as arm_label,
        rounded.strength,
        rounded.weighting_id,
        rounded.estimate,
        case
            when rounded.test_id in ('linear', 'cochran_armitage') then 'points of 0-100 per unit of strength'
            when rounded.test_id in ('step_up', 'isotonic') then 'points of 0-100'
            else 'none: a test only'
        end as unit_label,
        rounded.n_respondents,
        rounded.n_arm,
        rounded.n_control,
        rounded.ci_lower,
        rounded.ci_upper,
        rounded.statistic,
        rounded.df,
        rounded.p_value,
        rounded.p_value_randomisation,
        rounded.p_value_max_t,
        rounded.minimum_detectable,
        case
            when rounded.is_withheld then 'withheld: ' || rounded.withheld_reason
            when rounded.reason is not null then 'not tested: ' || rounded.reason
            when rounded.test_id = 'isotonic' then 'the mean of the arm, had no stronger nudge done less; not a test'
            when rounded.p_value_of_verdict > 0.05 then 'not more than chance'
            when rounded.test_id = 'departure' then 'more than chance: the rise is not even'
            when rounded.test_id = 'monotone' then 'more than chance: it rises somewhere'
            when rounded.estimate > 0 then 'more than chance: it rises'
            else 'more than chance: it falls'
        end as in_words,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        rounded.reason,
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
    left join nudge_arms on rounded.arm_id = nudge_arms.arm_id
)

select * from final
order by council_id, wave_id, theme_id, topic_id, outcome_id, test_id, arm_id, weighting_id
