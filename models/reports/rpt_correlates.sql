-- One row per council, wave, theme, correlate (topic, construct), outcome, method and weighting: the correlation with its
-- stars, as in Tables 3 and 4 of the paper.
with

-- How many with an outcome do not know: a few of them would be known from the share.
dont_know as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        case when not {{ is_divisible() }} then null when dont_know_share = 0 then n_respondents else n_dont_know end
            as n_behind_share
    from {{ ref('est_dont_know_sensitivity') }}
    where weighting_id = 'unweighted'
),

correlates as (
    select
        estimates.*,
        estimates.n_respondents as n_base,
        {{ p_value_of_stars() }} as p_value_of_stars,
        dont_know.n_behind_share
    from {{ ref('est_correlates') }} as estimates
    inner join dont_know
        on
            estimates.council_id = dont_know.council_id
            and estimates.wave_id = dont_know.wave_id
            and estimates.theme_id = dont_know.theme_id
            and estimates.topic_id = dont_know.topic_id
            and estimates.construct_id = dont_know.construct_id
            and estimates.outcome_id = dont_know.outcome_id
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
        method_id,
        weighting_id,
        {{ reported('estimate', 3) }} as estimate,
        case when n_base >= {{ var('minimum_base') }} then {{ stars('p_value_of_stars') }} else '' end as stars,
        {{ reported('ci_lower', 3) }} as ci_lower,
        {{ reported('ci_upper', 3) }} as ci_upper,
        {{ reported_p('p_value_t') }} as p_value_t,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ reported('dont_know_share', 3, 'n_behind_share') }} as dont_know_share,
        std_error_type,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported('n_effective', 0) }} as n_effective,
        {{ reported('design_effect', 2) }} as design_effect,
        {{ base_flags() }}
    from correlates
),

across_methods as (
    select
        *,
        case
            when weighting_id = 'unweighted'
                then
                    min(estimate) over same_correlate < 0 and max(estimate) over same_correlate > 0
                    or min(case when estimate is not null then stars end) over same_correlate
                    <> max(case when estimate is not null then stars end) over same_correlate
        end as is_sensitive_to_method
    from rounded
    window
        same_correlate as (
            partition by council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, weighting_id
        )
),

final as (
    select
        across_methods.council_id,
        surveys.council_label,
        across_methods.wave_id,
        across_methods.theme_id,
        topics.theme_label,
        across_methods.topic_id,
        topics.topic_label,
        across_methods.construct_id,
        constructs.construct_label,
        across_methods.outcome_id,
        {{ outcome_label('across_methods.outcome_id') }} as outcome_label,
        across_methods.method_id,
        across_methods.weighting_id,
        across_methods.estimate,
        {{ printed('across_methods.estimate', 3) }} || across_methods.stars as estimate_label,
        across_methods.stars,
        'correlation, -1 to 1' as unit_label,
        across_methods.n_respondents,
        across_methods.n_effective,
        across_methods.design_effect,
        across_methods.std_error_type,
        across_methods.ci_lower,
        across_methods.ci_upper,
        across_methods.p_value_t,
        across_methods.p_value,
        across_methods.p_value_adjusted,
        across_methods.dont_know_share,
        across_methods.is_sensitive_to_method,
        across_methods.is_small_base,
        across_methods.is_withheld,
        across_methods.withheld_reason,
        surveys.provenance
    from across_methods
    inner join surveys
        on
            across_methods.council_id = surveys.council_id
            and across_methods.wave_id = surveys.wave_id
    inner join topics
        on
            across_methods.theme_id = topics.theme_id
            and across_methods.topic_id = topics.topic_id
    inner join constructs on across_methods.construct_id = constructs.construct_id
)

select * from final
order by outcome_id, council_id, wave_id, theme_id, construct_id, topic_id, method_id, weighting_id
