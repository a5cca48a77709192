-- One row per included respondent and breakdown in which the respondent has a group, with the weight and the margin cell.
with

respondents as (
    select * from {{ ref('int_respondents') }}
    where not is_excluded
),

respondent_groups as (
    select * from {{ ref('int_respondent_groups') }}
),

groups as (
    select * from {{ ref('int_groups') }}
),

weights as (
    select * from {{ ref('int_weights') }}
),

raked_weights as (
    select * from {{ ref('int_raked_weights') }}
    where weight_raked is not null
),

final as (
    select
        respondent_number,
        groups.group_number,
        weights.weight_counted as weight,
        raked_weights.margin_cell,
        raked_weights.n_margin_cell
    from respondents
    inner join respondent_groups using (respondent_number)
    inner join groups using (breakdown_id, breakdown_value)
    left join weights using (respondent_number)
    left join raked_weights on respondents.respondent_key = raked_weights.respondent_key
)

select * from final
