-- One row per council and wave whose citizens have weights or whose codebook gives margins: how much weighting changes
-- the survey.
with

plan as (
    select * from {{ ref('plan_weights') }}
),

weights as (
    select
        * exclude (are_weights_withheld),
        case when not are_weights_withheld then n_weighted end as n_base
    from {{ ref('est_weights') }}
    inner join plan using (council_id, wave_id)
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

final as (
    select
        weights.* exclude (n_base) replace (
            {{ reported('weights.lowest_weight', 2) }} as lowest_weight,
            {{ reported('weights.highest_weight', 2) }} as highest_weight,
            {{ reported('weights.n_effective', 0) }} as n_effective,
            {{ reported('weights.design_effect', 1) }} as design_effect
        ),
        surveys.council_label,
        surveys.provenance
    from weights
    inner join surveys using (council_id, wave_id)
)

select * from final
