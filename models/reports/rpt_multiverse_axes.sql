-- One row per axis of the multiverse, outcome to which it applies and choice: what is chosen, why it is defensible, and
-- the count table from which it is computed.
with

axes as (
    select * from {{ ref('est_multiverse_axes') }}
),

-- The multiverse counts as synthetic if one of its surveys is ('synthetic' sorts after 'real', so max finds it).
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
