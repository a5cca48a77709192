-- One row per respondent with a weight: the export's own, or the raked one.
{{ config(materialized='view') }}
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

raked_weights as (
    select * from {{ ref('int_raked_weights') }}
),

weights as (
    select
        respondent_number,
        respondent_key,
        council_id,
        wave_id,
        weight,
        'export' as weight_source
    from respondents
    where weight is not null
    union all
    select
        respondents.respondent_number,
        respondent_key,
        raked_weights.council_id,
        raked_weights.wave_id,
        raked_weights.weight_raked as weight,
        'raked' as weight_source
    from raked_weights
    inner join respondents using (respondent_key)
    where raked_weights.weight_raked is not null
),

-- Weights may have any unit, so counts divide the largest of a survey into 10^12 units. No estimate depends on it.
scales as (
    select
        council_id,
        wave_id,
        1e12 / max(weight) as weight_scale
    from weights
    where weight > 0
    group by council_id, wave_id
),

final as (
    select
        weights.respondent_number,
        weights.respondent_key,
        weights.weight,
        weights.weight_source,
        scales.weight_scale,
        cast(coalesce(round(weights.weight * scales.weight_scale), 0) as decimal(38, 0)) as weight_counted
    from weights
    left join scales using (council_id, wave_id)
)

select * from final
