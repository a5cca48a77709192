-- One row per citizen who counts and has a weight, and replicate: the replicate weight, in surveys whose files have them.
with

replicate_cells as (
    select * from {{ ref('int_person_cells') }}
    where construct_role = 'replicate' and answer_kind = 'valid'
),

respondents as (
    select * from {{ ref('int_respondents') }}
    where respondent_role = 'citizen' and not is_excluded and weight > 0
),

-- A factor is a number or a fraction such as 59/60.
waves as (
    select
        council_id,
        wave_id,
        cast(split_part(replicate_factor, '/', 1) as double)
        / coalesce(cast(nullif(split_part(replicate_factor, '/', 2), '') as double), 1) as replicate_factor
    from {{ ref('waves') }}
),

final as (
    select
        respondents.respondent_key,
        waves.replicate_factor,
        dense_rank() over (partition by council_id, wave_id order by replicate_cells.column_name) as replicate_number,
        -- Whole units, as in int_weights. Their size cancels, because each replicate gives an estimate of its own.
        cast(round(replicate_cells.answer_score * 1e12 / max(replicate_cells.answer_score) over survey) as decimal(38, 0))
            as replicate_weight
    from replicate_cells
    inner join respondents using (respondent_number)
    inner join waves using (council_id, wave_id)
    window survey as (partition by council_id, wave_id)
)

select * from final
