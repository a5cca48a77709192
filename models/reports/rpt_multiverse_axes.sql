-- One row per axis of the multiverse, outcome that it is about and level: what is chosen, why it is defensible, and the
-- count table that serves it.
with

axes as (
    select * from {{ ref('est_multiverse_axes') }}
),

final as (
    select
        axis_id,
        outcome_id,
        level_number,
        level_id,
        is_of_paper,
        description,
        count_table
    from axes
)

select * from final
order by axis_id, outcome_id, level_number
