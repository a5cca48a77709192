-- One row per council and wave whose citizens have weights or whose codebook gives margins: how much weighting changes
-- the survey.
with

weights as (
    select
        *,
        n_weighted as n_base
    from {{ ref('est_weights') }}
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
            {{ reported('weights.design_effect', 2) }} as design_effect
        ),
        surveys.council_label,
        surveys.provenance
    from weights
    inner join surveys using (council_id, wave_id)
)

select * from final
