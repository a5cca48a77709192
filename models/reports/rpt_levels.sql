-- One row per council, wave, theme, topic, measure and breakdown: the level in per cent, as in Table 2 of the paper.
with

levels as (
    select
        *,
        n_respondents as n_base
    from {{ ref('est_levels') }}
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
        measure_id,
        breakdown_id,
        breakdown_value,
        weighting_id,
        {{ reported('100 * estimate', 0) }} as estimate,
        {{ reported('100 * ci_lower', 0) }} as ci_lower,
        {{ reported('100 * ci_upper', 0) }} as ci_upper,
        n_respondents,
        n_effective,
        {{ base_flags() }}
    from levels
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
        rounded.measure_id,
        {{ measure_label('rounded.measure_id') }} as measure_label,
        rounded.breakdown_id,
        rounded.breakdown_value,
        rounded.weighting_id,
        rounded.estimate,
        {{ printed('rounded.estimate', 0) }} as estimate_label,
        '' as stars,
        'per cent' as unit_label,
        rounded.n_respondents,
        rounded.n_effective,
        rounded.ci_lower,
        rounded.ci_upper,
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
)

select * from final
order by council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, weighting_id
