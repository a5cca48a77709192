-- One row per council and wave whose citizens have weights or whose codebook gives margins: what weighting does to it.
with

respondents as (
    select * from {{ ref('dim_respondent') }}
    where respondent_role = 'citizen' and not is_excluded
),

raked_weights as (
    select * from {{ ref('int_raked_weights') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

summarised as (
    select
        respondents.council_id,
        respondents.wave_id,
        max(respondents.weight_source) as weight_source,
        count(*) as n_respondents,
        count(*) filter (where respondents.weight > 0) as n_weighted,
        count(*) filter (where raked_weights.is_trimmed) as n_trimmed,
        max(raked_weights.n_iterations) as n_iterations,
        max(raked_weights.reason) as reason,
        min(respondents.weight) / median(respondents.weight) as lowest_weight,
        max(respondents.weight) / median(respondents.weight) as highest_weight,
        power(sum(respondents.weight), 2) / sum(power(respondents.weight, 2)) as n_effective
    from respondents
    left join raked_weights on respondents.respondent_key = raked_weights.respondent_key
    group by respondents.council_id, respondents.wave_id
    having
        count(respondents.weight) > 0
        or count(raked_weights.respondent_key) > 0
),

final as (
    select
        summarised.council_id,
        surveys.council_label,
        summarised.wave_id,
        summarised.weight_source,
        summarised.n_respondents,
        summarised.n_weighted,
        summarised.n_trimmed,
        summarised.n_iterations,
        {{ reported('summarised.lowest_weight', 2, 'summarised.n_weighted') }} as lowest_weight,
        {{ reported('summarised.highest_weight', 2, 'summarised.n_weighted') }} as highest_weight,
        {{ reported('summarised.n_effective', 0, 'summarised.n_weighted') }} as n_effective,
        {{ reported('summarised.n_weighted / summarised.n_effective', 2, 'summarised.n_weighted') }} as design_effect,
        summarised.reason,
        surveys.provenance
    from summarised
    inner join surveys
        on
            summarised.council_id = surveys.council_id
            and summarised.wave_id = surveys.wave_id
)

select * from final
order by council_id, wave_id
