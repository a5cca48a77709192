-- One row per council, wave, theme, topic and measure that staff answered: how staff and citizens see it, and the gap.
with

gaps as (
    select
        *,
        -- A gap is as weak as its smaller side.
        least(n_staff, n_citizens) as n_base
    from {{ ref('est_staff_gaps') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

exports as (
    select * from {{ ref('dim_export') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

-- One synthetic export, of staff or of citizens, makes the gap synthetic.
provenances as (
    select
        council_id,
        wave_id,
        max(provenance) as provenance
    from exports
    group by council_id, wave_id
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        weighting_id,
        {{ reported('100 * staff_level', 0) }} as staff_level,
        {{ reported('100 * citizens_level', 0) }} as citizens_level,
        {{ reported('100 * estimate', 1) }} as estimate,
        {{ reported('100 * ci_lower', 1) }} as ci_lower,
        {{ reported('100 * ci_upper', 1) }} as ci_upper,
        case when n_base >= {{ var('minimum_base') }} then {{ stars('p_value') }} else '' end as stars,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_staff') }} as n_staff,
        {{ unless_withheld('n_citizens') }} as n_citizens,
        {{ unless_withheld('reason') }} as reason,
        {{ base_flags() }}
    from gaps
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
        coalesce({{ measure_label('rounded.measure_id') }}, constructs.construct_label) as measure_label,
        rounded.weighting_id,
        rounded.staff_level,
        rounded.citizens_level,
        rounded.estimate,
        {{ printed('rounded.estimate', 1) }} || rounded.stars as estimate_label,
        rounded.stars,
        'points of 0-100' as unit_label,
        rounded.n_respondents,
        rounded.n_staff,
        rounded.n_citizens,
        rounded.ci_lower,
        rounded.ci_upper,
        rounded.p_value,
        rounded.p_value_adjusted,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        rounded.reason,
        provenances.provenance
    from rounded
    inner join surveys
        on
            rounded.council_id = surveys.council_id
            and rounded.wave_id = surveys.wave_id
    inner join provenances
        on
            rounded.council_id = provenances.council_id
            and rounded.wave_id = provenances.wave_id
    inner join topics
        on
            rounded.theme_id = topics.theme_id
            and rounded.topic_id = topics.topic_id
    left join constructs on rounded.measure_id = constructs.construct_id
)

select * from final
order by council_id, wave_id, theme_id, topic_id, measure_id, weighting_id
