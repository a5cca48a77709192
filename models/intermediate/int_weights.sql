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
        respondent_key,
        council_id,
        wave_id,
        respondent_role,
        weight,
        'export' as weight_source
    from respondents
    where weight is not null
    union all
    select
        respondent_key,
        council_id,
        wave_id,
        'citizen' as respondent_role,
        weight_raked as weight,
        'raked' as weight_source
    from raked_weights
    where weight_raked is not null
),

averages as (
    select
        council_id,
        wave_id,
        respondent_role,
        avg(weight) as mean_weight
    from weights
    where weight > 0
    group by council_id, wave_id, respondent_role
),

final as (
    select
        weights.respondent_key,
        weights.weight,
        weights.weight_source,
        -- Counts store weights in ten-thousandths, so weights that add up to 1 would lose digits. No estimate depends
        -- on the scale.
        weights.weight * power(10, greatest(0, -round(log10(averages.mean_weight)))) as weight_counted
    from weights
    left join averages using (council_id, wave_id, respondent_role)
)

select * from final
