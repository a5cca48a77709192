-- One row per included respondent: the weight, and the number of the set of groups that the respondent belongs to. A
-- count groups by this number first, because few sets exist, and turns it into groups afterwards.
with

respondents as (
    select * from {{ ref('int_respondents') }}
    where not is_excluded
),

respondent_groups as (
    select * from {{ ref('int_respondent_groups') }}
),

numbered_groups as (
    select * from {{ ref('int_groups') }}
),

weights as (
    select * from {{ ref('int_weights') }}
),

raked_weights as (
    select * from {{ ref('int_raked_weights') }}
    where weight_raked is not null
),

group_lists as (
    select
        respondent_groups.respondent_number,
        list(numbered_groups.group_number order by numbered_groups.group_number) as group_numbers
    from respondent_groups
    inner join numbered_groups using (breakdown_id, breakdown_value)
    group by respondent_groups.respondent_number
),

final as (
    select
        respondent_number,
        cast(
            dense_rank() over (
                order by
                    respondents.council_id,
                    respondents.wave_id,
                    respondents.respondent_role,
                    group_lists.group_numbers,
                    raked_weights.margin_cell
            ) as integer
        ) as group_set_number,
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        group_lists.group_numbers,
        raked_weights.margin_cell,
        raked_weights.n_margin_cell,
        weights.weight_counted as weight
    from respondents
    inner join group_lists using (respondent_number)
    left join weights using (respondent_number)
    left join raked_weights on respondents.respondent_key = raked_weights.respondent_key
)

select * from final
