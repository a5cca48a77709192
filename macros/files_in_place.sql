{#- Makes raw.<file> for each export whose file is not in seeds/exports, before a build or a loading of seeds. Parquet files are
    read where they lie, by a view: a scan of them costs a third of one of a table. A CSV file would be parsed again by
    each model, so it is loaded once, as a seed is. -#}
{% macro read_files_elsewhere() %}
    {%- if execute and flags.WHICH in ('build', 'seed') -%}
    {#- A part reads the files of its own exports alone. #}
    {%- for row in run_query('select unnest(elsewhere, recursive := true) from ' ~ checked_exports()).rows if row['file'] in var('exports_elsewhere') -%}
        {%- do run_query('create schema if not exists ' ~ adapter.quote('raw')) -%}
        {%- set relation = export_relation(row['file']) -%}
        {#- Not by load_relation: of a schema without seeds it begins a transaction that nothing ends, and dbt takes it back. #}
        {%- for earlier in run_query(
            "select if(table_type = 'VIEW', 'view', 'table') as kind from information_schema.tables where table_catalog = "
            ~ "current_database() and table_schema = 'raw' and table_name = " ~ quoted_text(row['file'])
        ).rows -%}
            {%- do run_query('drop ' ~ earlier['kind'] ~ ' ' ~ relation) -%}
        {%- endfor -%}
        {%- set kind = 'table' if row['is_csv'] else 'view' -%}
        {%- set query = file_elsewhere(row['file'], row['place'], row['is_csv']) -%}
        {%- do run_query('create ' ~ kind ~ ' ' ~ relation ~ ' as ' ~ query) -%}
    {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- The query of a file that is not in seeds/exports: every value as text, without the rows that explain the header and without
    the columns that are not loaded. -#}
{% macro file_elsewhere(file, place, is_csv) -%}
    {%- set not_loaded = columns_not_loaded(file) %}
    {%- if file in files_left_out() %}
    select cast(null as varchar) as left_out where false
    {%- else %}
    select * {%- if not_loaded %} exclude ({{ quoted_columns(not_loaded.keys()) }}){% endif %}
    from (
        {%- if is_csv %}
        select * from {{ csv_as_text(place) }}
        {%- else %}
        {#- As AS_TEXT of python/coproduction/files/columns/parquet.py; a test compares the two. #}
        select nullif(cast(columns(*) as varchar), '') as '\0' from read_parquet({{ quoted_text(place) }}, union_by_name = true)
        {%- endif %}
        {%- if header_rows(file) %}
        offset {{ header_rows(file) }}
        {%- endif %}
    )
    {%- endif %}
{%- endmacro %}


{#- Limits the memory and the threads of DuckDB where the variables `memory_limit` and `sql_threads` are set. -#}
{% macro limit_resources() %}
    {%- if execute and var('memory_limit') -%}
        {%- do run_query('set global memory_limit = ' ~ quoted_text(var('memory_limit'))) -%}
    {%- endif -%}
    {%- if execute and var('sql_threads') -%}
        {%- do run_query('set global threads = ' ~ (var('sql_threads') | int)) -%}
    {%- endif -%}
{% endmacro %}
