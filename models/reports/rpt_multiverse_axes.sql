-- One row per axis of the multiverse, outcome that it is about and level: what is chosen, why it is defensible, and the
-- count table that serves it.
with

axes as (
    select * from {{ ref('est_multiverse_axes') }}
),

-- One synthetic survey among those that are crossed makes the whole synthetic ('synthetic' comes after 'real').
surveys as (
    select max(provenance) as provenance from {{ ref('dim_survey') }}
),

final as (
    select
        axes.*,
        surveys.provenance
    from axes
    cross join surveys
)

select * from final
