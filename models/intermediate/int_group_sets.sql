-- One row per set of groups and group in it: for counts that group by the number of the set first.
with

included as (
    select * from {{ ref('int_included_groups') }}
),

groups as (
    select * from {{ ref('int_groups') }}
),

sets as (
    select distinct
        group_set_number,
        council_id,
        wave_id,
        respondent_role,
        margin_cell,
        n_margin_cell,
        unnest(group_numbers) as group_number
    from included
),

final as (
    select
        sets.* exclude (group_number),
        groups.breakdown_id,
        groups.breakdown_value,
        groups.breakdown_construct_id
    from sets
    inner join groups using (group_number)
)

select * from final
