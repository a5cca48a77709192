-- One row per council, wave, theme, topic, measure and breakdown: the level in per cent, as in Table 2 of the paper.
with

levels as (
    select
        *,
        -- Often and sometimes are answers to one question, and together make up taking part.
        case when starts_with(measure_id, 'collective_') then 'collective' else measure_id end as question_id
    from {{ ref('est_levels') }}
),

-- Groups of a breakdown exclude each other, so that all less the others is the one that is missing.
groups as (
    {{ withheld_parts(
        'levels',
        whole=['council_id', 'wave_id', 'theme_id', 'question_id', 'breakdown_id'],
        parts=['breakdown_value'],
        measured=['topic_id', 'measure_id']
    ) | indent(4) }}
),

protected as (
    select
        levels.*,
        case when levels.breakdown_id = 'all' or not groups.is_withheld then levels.n_respondents end as n_base
    from levels
    inner join groups
        on
            levels.council_id = groups.council_id
            and levels.wave_id = groups.wave_id
            and levels.theme_id = groups.theme_id
            and levels.question_id = groups.question_id
            and levels.breakdown_id = groups.breakdown_id
            and levels.breakdown_value = groups.breakdown_value
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
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_effective') }} as n_effective,
        {{ base_flags() }}
    from protected
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
)

select * from final
order by council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, weighting_id
