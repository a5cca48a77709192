-- One row per compared pair of waves with the same people, breakdown and group of the earlier wave: how many answered again.
with

groups as (
    select
        * exclude (is_withheld),
        case when not is_withheld then n_respondents end as n_base
    from {{ ref('plan_attrition') }}
),

pairs as (
    select * from {{ ref('dim_wave_pair') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

breakdowns as (
    {{ labels_of('breakdown_id') }}
),

final as (
    select
        council_id,
        surveys.council_label,
        groups.earlier_wave_id,
        pairs.earlier_wave_label,
        wave_id,
        pairs.wave_label,
        pairs.wave_order,
        pairs.comparison_id,
        breakdown_id,
        coalesce(breakdown_label, breakdown_id) as breakdown_label,
        groups.breakdown_value,
        {{ reported('100 * groups.n_again / groups.n_respondents', 0) }} as estimate,
        {{ printed(reported('100 * groups.n_again / groups.n_respondents', 0), 0) }} as estimate_label,
        {{ label_of('quantity_id', 'answered_again', 'unit_label') }} as unit_label,
        {{ unless_withheld('groups.n_respondents') }} as n_respondents,
        {{ base_flags() }},
        greatest(surveys.provenance, earlier_surveys.provenance) as provenance
    from groups
    inner join pairs using (council_id, earlier_wave_id, wave_id)
    inner join surveys using (council_id, wave_id)
    inner join surveys as earlier_surveys
        on council_id = earlier_surveys.council_id and groups.earlier_wave_id = earlier_surveys.wave_id
    left join breakdowns using (breakdown_id)
)

select * from final
