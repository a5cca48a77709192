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

-- Lists, because DuckDB takes twice as long to read a row for each column of hundreds of exports.
loaded_columns (export_id, column_names) as (
    values
    {%- for export in exports %}
    ({{ quoted_text(export.export_id) }}, cast([{% for column in columns_loaded.get(export.file, []) %}{{ quoted_text(column) }}{{ ', ' if not loop.last }}{% endfor %}] as varchar[])),
    {%- endfor %}
    (cast(null as varchar), cast([] as varchar[]))
),

personal_columns (export_id, column_name, looks_like) as (
    values
    {%- for export in exports %}
    {%- for column, looks_like in not_loaded.get(export.file, {}).items() %}
    ({{ quoted_text(export.export_id) }}, {{ quoted_text(column) }}, {{ quoted_text(looks_like) }}),
    {%- endfor %}
    {%- endfor %}
    (cast(null as varchar), cast(null as varchar), cast(null as varchar))
),

columns_in_files as (
    select
        export_id,
        unnest(column_names) as column_name,
        cast(null as varchar) as looks_like,
        true as is_loaded
    from loaded_columns
    union all
    select
        *,
        false as is_loaded
    from personal_columns
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
