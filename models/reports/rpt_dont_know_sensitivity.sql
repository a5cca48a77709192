-- One row per council, wave, theme, correlate (topic, construct) and outcome: does the sign of the correlation depend on
-- how Don't Know is read?
with

sensitivity as (
    select
        *,
        -- The readings differ by the answers of those who do not know, so few of them are a small base of its own.
        case when n_dont_know = 0 then n_respondents else least(n_respondents, n_dont_know) end as n_base,
        -- The share is of all who answered, the readings of those with an outcome.
        case when dont_know_share = 0 then n_respondents else least(n_respondents, n_dont_know) end as n_behind_share
    from {{ ref('est_dont_know_sensitivity') }}
    where {{ is_divisible() }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        weighting_id,
        {{ reported('dont_know_share', 3, 'n_behind_share') }} as dont_know_share,
        {{ reported('estimate', 3) }} as estimate,
        {{ reported('r_dont_know', 3) }} as r_dont_know,
        {{ reported('r_lowest', 3) }} as r_lowest,
        {{ reported('r_middle', 3) }} as r_middle,
        {{ reported('r_highest', 3) }} as r_highest,
        {{ reported('r_smallest', 3) }} as r_smallest,
        {{ reported('r_largest', 3) }} as r_largest,
        {{ reported('r_bound_lower', 3) }} as r_bound_lower,
        {{ reported('r_bound_upper', 3) }} as r_bound_upper,
        {{ unless_withheld('is_sign_stable') }} as is_sign_stable,
        {{ unless_withheld('verdict') }} as verdict,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        n_respondents < {{ var('small_base') }} as is_small_base,
        n_base < {{ var('minimum_base') }} as is_withheld,
        case
            when n_respondents < {{ var('minimum_base') }} then 'fewer than {{ var("minimum_base") }} respondents'
            when n_base < {{ var('minimum_base') }} then 'fewer than {{ var("minimum_base") }} Don''t Know'
        end as withheld_reason,
        {{ unless_withheld('reason') }} as reason
    from sensitivity
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
        rounded.construct_id,
        constructs.construct_label,
        rounded.outcome_id,
        {{ outcome_label('rounded.outcome_id') }} as outcome_label,
        rounded.weighting_id,
        rounded.dont_know_share,
        rounded.estimate,
        'correlation, -1 to 1' as unit_label,
        rounded.r_dont_know,
        rounded.r_lowest,
        rounded.r_middle,
        rounded.r_highest,
        rounded.r_smallest,
        rounded.r_largest,
        rounded.r_bound_lower,
        rounded.r_bound_upper,
        rounded.is_sign_stable,
        rounded.verdict,
        rounded.reason,
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
    inner join topics
        on
            rounded.theme_id = topics.theme_id
            and rounded.topic_id = topics.topic_id
    inner join constructs on rounded.construct_id = constructs.construct_id
)

select * from final
order by outcome_id, council_id, wave_id, theme_id, construct_id, topic_id, weighting_id
