-- One row per council, wave, theme, topic, outcome and alternative: the level under another definition of the outcome.
with

alternatives as (
    select
        *,
        n_respondents as n_base
    from {{ ref('est_index_alternatives') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        alternative_id,
        weighting_id,
        {{ reported('100 * estimate', 0) }} as estimate,
        {{ reported('100 * ci_lower', 0) }} as ci_lower,
        {{ reported('100 * ci_upper', 0) }} as ci_upper,
        {{ reported('100 * difference', 1) }} as difference_points,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('reason') }} as reason,
        {{ base_flags() }}
    from alternatives
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
        rounded.alternative_id,
        case rounded.alternative_id
            when 'sometimes_or_often' then 'Often or sometimes: the definition of all other reports'
            when 'often_only' then 'Often only'
            when 'any_activity' then 'Does at least one of the activities'
            when 'dont_know_as_no' then 'Don''t Know counts as no'
        end as alternative_label,
        rounded.weighting_id,
        rounded.estimate,
        'per cent' as unit_label,
        rounded.n_respondents,
        rounded.ci_lower,
        rounded.ci_upper,
        rounded.difference_points,
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
)

select * from final
order by council_id, wave_id, theme_id, topic_id, outcome_id, alternative_id, weighting_id
