-- One row per council, wave, theme, correlate (topic, construct), outcome and method: the correlation with its stars, as
-- in Tables 3 and 4 of the paper.
with

correlates as (
    select
        *,
        n_respondents as n_base
    from {{ ref('est_correlates') }}
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
        method,
        weighting_id,
        {{ reported('estimate', 3) }} as estimate,
        case when n_base >= {{ var('minimum_base') }} then {{ stars('p_value_t') }} else '' end as stars,
        {{ reported('ci_lower', 3) }} as ci_lower,
        {{ reported('ci_upper', 3) }} as ci_upper,
        {{ reported_p('p_value_t') }} as p_value_t,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ reported('dont_know_share', 3) }} as dont_know_share,
        n_respondents,
        {{ base_flags() }}
    from correlates
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
        rounded.method,
        rounded.weighting_id,
        rounded.estimate,
        {{ printed('rounded.estimate', 3) }} || rounded.stars as estimate_label,
        rounded.stars,
        'correlation, -1 to 1' as unit_label,
        rounded.n_respondents,
        rounded.ci_lower,
        rounded.ci_upper,
        rounded.p_value_t,
        rounded.p_value,
        rounded.p_value_adjusted,
        rounded.dont_know_share,
        rounded.is_small_base,
        rounded.is_suppressed,
        rounded.suppression_reason,
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
order by outcome_id, council_id, wave_id, theme_id, construct_id, topic_id, method, weighting_id
