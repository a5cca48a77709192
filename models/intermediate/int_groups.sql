-- One row per group of a breakdown in which this build has a respondent, with a number for joins.
with

respondent_groups as (
    select distinct
        breakdown_id,
        breakdown_value,
        breakdown_construct_id
    from {{ ref('int_respondent_groups') }}
),

final as (
    select
        cast(row_number() over (order by breakdown_id, breakdown_value) as integer) as group_number,
        *
    from respondent_groups
)

select * from final
