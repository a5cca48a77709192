-- One row per column, id and language: the label of the id, and the unit and decimals of the numbers in rows with this
-- id.
with

labels as (
    select * from {{ ref('labels') }}
),

nudge_arms as (
    select * from {{ ref('nudge_arms') }}
),

measures as (
    select * from {{ ref('measures') }}
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

-- A measure has the name in its own row, unless `labels` names it in the language.
measures_without_label as (
    select
        columns_of_measures.column_name,
        measures.measure_id as id,
        templates.language,
        measures.measure_name as label,
        measures.unit_label,
        measures.decimals
    from measures
    cross join templates
    cross join (values ('measure_id'), ('outcome_id')) as columns_of_measures (column_name)
    anti join labels
        on
            columns_of_measures.column_name = labels.column_name
            and measures.measure_id = labels.id
            and templates.language = labels.language
),

final as (
    select * from labels
    union all
    select * from arms_and_contrasts
    union all
    select * from measures_without_label
)

select * from final
