-- One row per axis of the multiverse, outcome that it is about and level: what is chosen, why it is defensible, and the
-- count table that serves it.
with

axes as (
    select * from {{ ref('est_multiverse_axes') }}
),

surveys as (
    select max(provenance) as provenance from {{ ref('dim_survey') }}
),

final as (
    select
        axes.axis_id,
        axes.outcome_id,
        axes.choice_number,
        axes.choice_id,
        axes.is_of_paper,
        axes.description,
        axes.count_table,
        -- 'synthetic' comes after 'real': one synthetic survey among those crossed is enough.
        surveys.provenance
    from axes
    cross join surveys
)

select * from final
order by axis_id, outcome_id, choice_number
