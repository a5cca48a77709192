-- One row per council, wave, theme, correlate (topic, construct) and outcome: whether the sign of the correlation
-- depends on how Don't Know is read.
with

plan as (
    select * exclude (n_answers, n_respondents, n_dont_know) from {{ ref('plan_correlates') }}
),

sensitivity as (
    select
        *,
        -- The readings differ only by the respondents who do not know, so their number is a base too.
        case
            when plan.is_withheld then null
            when plan.is_dont_know_withheld then 0
            else estimates.n_respondents
        end as n_base,
        case when not plan.is_withheld and not plan.is_share_withheld then estimates.n_respondents end as n_behind_share
    from {{ ref('est_dont_know_sensitivity') }} as estimates
    inner join plan using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
    where {{ is_divisible('estimates.n_respondents') }}
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

final as (
    select
        survey_topics.*,
        construct_id,
        construct_label,
        outcome_id,
        outcome_label,
        weighting_id,
        {{ reported('dont_know_share', 3, 'n_behind_share') }} as dont_know_share,
        {{ reported('estimate', 3) }} as estimate,
        {{ label_of('quantity_id', 'correlate', 'unit_label') }} as unit_label,
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
        {{ unless_withheld('reason') }} as reason,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        coalesce(n_base < {{ var('small_base') }}, true) as is_small_base,
        coalesce(n_base < {{ var('minimum_base') }}, true) as is_withheld,
        case
            when n_base is null
                then {{ sentence('withheld_small_group', {'minimum_base': var('minimum_base')}) }}
            when n_base < {{ var('minimum_base') }}
                then {{ sentence('withheld_few_dont_know', {'minimum_base': var('minimum_base')}) }}
        end as withheld_reason
    from sensitivity
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    left join outcomes using (outcome_id)
)

select * from final
