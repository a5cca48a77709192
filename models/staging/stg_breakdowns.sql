-- One row per breakdown and score that forms a group; a breakdown whose answers are its groups has one row with a null
-- score.
{{ config(materialized='view') }}
with

breakdowns as (
    select * from {{ ref('breakdowns') }}
),

breakdown_groups as (
    select * from {{ ref('breakdown_groups') }}
),

final as (
    select
        breakdown_id,
        breakdowns.construct_id,
        breakdowns.is_correlate,
        breakdown_groups.answer_score,
        breakdown_groups.breakdown_value
    from breakdowns
    left join breakdown_groups using (breakdown_id)
)

select * from final
