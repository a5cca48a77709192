-- One row per column, id and language: the label of the id, and the unit and decimals of the numbers in rows with this
-- id.
with

labels as (
    select * from {{ ref('labels') }}
),

nudge_arms as (
    select * from {{ ref('nudge_arms') }}
),

templates as (
    select * from {{ ref('sentences') }}
    where sentence_id = 'contrast'
),

-- A contrast compares an arm with no nudge, and has the id of that arm.
arms_and_contrasts as (
    select
        columns_of_arms.column_name,
        nudge_arms.arm_id,
        templates.language,
        case columns_of_arms.column_name
            when 'arm_id' then nudge_arms.arm_name
            else {{ filled('templates.template', {'arm': 'nudge_arms.arm_name'}) }}
        end as label,
        cast(null as varchar) as unit_label,
        cast(null as integer) as decimals
    from nudge_arms
    cross join templates
    cross join (values ('arm_id'), ('contrast_id')) as columns_of_arms (column_name)
    where (columns_of_arms.column_name, nudge_arms.arm_id) <> ('contrast_id', 'none')
),

final as (
    select * from labels
    union all
    select * from arms_and_contrasts
)

select * from final
