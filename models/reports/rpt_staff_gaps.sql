-- One row per council, wave, theme, topic and measure that staff answered: the mean answers of staff and of citizens,
-- and the gap.
with

plan as (
    select * from {{ ref('plan_staff') }}
),

gaps as (
    select
        * exclude (is_withheld),
        -- A gap is withheld by the size of its smaller group.
        case when not is_withheld then least(n_staff, n_citizens) end as n_base
    from {{ ref('est_staff_gaps') }}
    inner join plan using (council_id, wave_id, theme_id, topic_id, measure_id)
),

-- A gap counts as synthetic if the export of staff or of citizens is.
provenances as (
    select
        council_id,
        wave_id,
        max(provenance) as provenance
    from {{ ref('dim_export') }}
    group by all
),

survey_topics as (
    select * exclude (provenance) from {{ ref('dim_survey_topic') }}
),

constructs as (
    select
        construct_id as measure_id,
        construct_label
    from {{ ref('dim_construct') }}
),

measures as (
    {{ labels_of('measure_id') }}
),

final as (
    select
        survey_topics.*,
        measure_id,
        coalesce(measure_label, construct_label) as measure_label,
        weighting_id,
        {{ reported('100 * staff_level', 0) }} as staff_level,
        {{ reported('100 * citizens_level', 0) }} as citizens_level,
        {{ reported('100 * estimate', 1) }} as estimate,
        {{ printed(reported('100 * estimate', 1), 1) }} || {{ reported_stars('headline_p_value') }} as estimate_label,
        {{ reported_stars('headline_p_value') }} as stars,
        {{ label_of('quantity_id', 'gap', 'unit_label') }} as unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_staff') }} as n_staff,
        {{ unless_withheld('n_citizens') }} as n_citizens,
        {{ reported('100 * ci_lower', 1) }} as ci_lower,
        {{ reported('100 * ci_upper', 1) }} as ci_upper,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('headline_p_value') }} as headline_p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ base_flags() }},
        {{ unless_withheld('reason') }} as reason,
        provenance
    from gaps
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join provenances using (council_id, wave_id)
    left join measures using (measure_id)
    left join constructs using (measure_id)
)

select * from final
