-- One row per council and wave whose citizens have weights or whose codebook gives margins: sums of the weights.
with

respondents as (
    select
        respondent_key,
        council_id,
        wave_id
    from {{ ref('dim_respondent') }}
    where respondent_role = 'citizen' and not is_excluded
),

weights as (
    select * from {{ ref('int_weights') }}
),

raked_weights as (
    select
        respondent_key,
        n_iterations,
        is_trimmed,
        reason
    from {{ ref('int_raked_weights') }}
),

final as (
    select
        respondents.council_id,
        respondents.wave_id,
        max(weights.weight_source) as weight_source,
        count(*) filter (where weights.weight > 0) as n_weighted,
        count(*) filter (where raked_weights.is_trimmed) as n_trimmed,
        max(raked_weights.n_iterations) as n_iterations,
        -- A weight of 0 leaves its respondent out, so it is not the lowest weight of those who count.
        min(weights.weight) filter (where weights.weight > 0) as lowest_weight,
        median(weights.weight) filter (where weights.weight > 0) as median_weight,
        max(weights.weight) filter (where weights.weight > 0) as highest_weight,
        max(weights.weight_scale) as weight_scale,
        {{ count_respondents('weights.weight_counted') }},
        max(raked_weights.reason) as reason
    from respondents
    left join weights using (respondent_key)
    left join raked_weights using (respondent_key)
    group by respondents.council_id, respondents.wave_id
    having count(weights.weight) > 0 or count(raked_weights.respondent_key) > 0
)

select * from final
