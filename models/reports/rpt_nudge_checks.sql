-- One row per council, wave, theme, topic, outcome, check and contrast: whether a survey's experiment can be trusted, and
-- how far missing outcomes could move its effects.
with

checks as (
    select * from {{ ref('est_nudge_checks') }}
),

bounds as (
    select * from {{ ref('est_nudge_bounds') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

themes as (
    select * from {{ ref('dim_theme') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

nudge_arms as (
    select * from {{ ref('dim_nudge_arm') }}
),

tested as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        check_id,
        'all' as contrast_id,
        weighting_id,
        100 * largest_difference as estimate,
        cast(null as double) as bound_lower,
        cast(null as double) as bound_upper,
        100 * share_missing as missing_pct,
        statistic,
        df,
        -- The permutation p where there is one: it holds also where few outcomes are missing.
        coalesce(p_value_randomisation, p_value) as p_value,
        case
            when reason is not null then 'not tested: ' || reason
            when coalesce(p_value_randomisation, p_value) <= 0.05 then 'unusual, look closer'
            else 'nothing unusual'
        end as verdict,
        n_respondents,
        n_respondents as n_base
    from checks
),

bounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        method_id || '_bounds' as check_id,
        contrast_id,
        weighting_id,
        estimate,
        bound_lower,
        bound_upper,
        100 * greatest(share_missing_arm, share_missing_control) as missing_pct,
        cast(null as double) as statistic,
        cast(null as double) as df,
        cast(null as double) as p_value,
        case
            when reason is not null then 'no bounds: ' || reason
            when bound_lower > 0 or bound_upper < 0 then 'missing answers cannot turn the sign; chance still may'
            else 'missing answers leave the sign open'
        end as verdict,
        n_arm + n_control as n_respondents,
        least(n_arm, n_control) as n_base
    from bounds
),

together as (
    select * from tested
    union all
    select * from bounded
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        check_id,
        contrast_id,
        weighting_id,
        {{ reported('estimate', 1) }} as estimate,
        {{ reported('bound_lower', 1) }} as bound_lower,
        {{ reported('bound_upper', 1) }} as bound_upper,
        {{ reported('missing_pct', 1) }} as missing_pct,
        {{ reported('statistic', 2) }} as statistic,
        {{ reported('df', 1) }} as df,
        {{ reported_p('p_value') }} as p_value,
        {{ unless_withheld('verdict') }} as verdict,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ base_flags() }}
    from together
),

final as (
    select
        rounded.council_id,
        surveys.council_label,
        rounded.wave_id,
        rounded.theme_id,
        coalesce(themes.theme_label, 'All themes') as theme_label,
        rounded.topic_id,
        coalesce(topics.topic_label, 'All topics') as topic_label,
        rounded.outcome_id,
        coalesce({{ outcome_label('rounded.outcome_id') }}, 'All outcomes') as outcome_label,
        rounded.check_id,
        case rounded.check_id
            when 'arm_counts' then 'Arms of equal size'
            when 'covariate_balance' then 'Age and gender alike in all arms'
            when 'non_response' then 'Outcome missing alike in all arms'
            when 'lee_bounds' then 'Effect if nudges change who answers, one way (Lee)'
            when 'worst_case_bounds' then 'Effect whatever the missing answers (worst case)'
        end as check_label,
        rounded.contrast_id,
        case
            when rounded.contrast_id = 'all' then 'All arms'
            else coalesce(nudge_arms.arm_label, rounded.contrast_id) || ' against no nudge'
        end as contrast_label,
        rounded.weighting_id,
        rounded.estimate,
        'points of 0-100' as unit_label,
        rounded.bound_lower,
        rounded.bound_upper,
        rounded.missing_pct,
        rounded.statistic,
        rounded.df,
        rounded.p_value,
        rounded.verdict,
        rounded.n_respondents,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        surveys.provenance
    from rounded
    inner join surveys
        on
            rounded.council_id = surveys.council_id
            and rounded.wave_id = surveys.wave_id
    left join themes on rounded.theme_id = themes.theme_id
    left join topics
        on
            rounded.theme_id = topics.theme_id
            and rounded.topic_id = topics.topic_id
    left join nudge_arms on rounded.contrast_id = nudge_arms.arm_id
)

select * from final
order by council_id, wave_id, theme_id, topic_id, outcome_id, check_id, contrast_id, weighting_id
