-- One row per export and column that the codebook does not claim: only its name and number of cells are used. Columns
-- that look like personal data are not even loaded.
-- depends_on: {{ ref('stg_exports') }} {{ ref('stg_questions') }}
{%- set exports = included_exports() %}
{%- set columns_loaded = columns_by_file(exports) %}
{%- set not_loaded = columns_not_loaded_by_file() %}
{%- for export_id in listed_exports() %}
-- depends_on: {{ export_relation(export_id) }}
{%- endfor %}
with

exports as (
    select * from {{ ref('stg_exports') }}
),

questions as (
    select distinct
        export_id,
        source_column as column_name
    from {{ ref('stg_questions') }}
),

data_rows as (
    select
        export_id,
        count(*) as n_cells
    from {{ ref('stg_coded_exports') }}
    group by export_id
),

columns_in_files (export_id, column_name, looks_like, is_loaded) as (
    values
    {%- for export in exports %}
    {%- for column in columns_loaded.get(export.file, []) %}
    ({{ quoted_text(export.export_id) }}, {{ quoted_text(column) }}, cast(null as varchar), true),
    {%- endfor %}
    {%- for column, looks_like in not_loaded.get(export.file, {}).items() %}
    ({{ quoted_text(export.export_id) }}, {{ quoted_text(column) }}, {{ quoted_text(looks_like) }}, false),
    {%- endfor %}
    {%- endfor %}
    (cast(null as varchar), cast(null as varchar), cast(null as varchar), cast(null as boolean))
),

final as (
    select
        export_id,
        columns_in_files.column_name,
        coalesce(data_rows.n_cells, 0) as n_cells,
        columns_in_files.looks_like,
        columns_in_files.is_loaded
    from columns_in_files
    inner join exports using (export_id)
    left join data_rows using (export_id)
    anti join questions using (export_id, column_name)
    where columns_in_files.column_name is distinct from exports.respondent_column
)

select * from final
