{#- A CSV file as text, for the FROM of a query. Two options of read_csv are needed although they look like defaults:
    without skip=0 a file with rows of different length becomes an empty table, and without comment='' a cell ends at
    its first #. -#}
{% macro csv_as_text(path) -%}
    read_csv(
        {{ quoted_text(path) }}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"',
        comment = '', nullstr = '', skip = 0, strict_mode = true
    )
{%- endmacro %}


{#- Loads a seed as text, exactly as in the file. dbt's own loader guesses types, so that an id of 001 becomes 1, and
    guesses the quoting from the first rows. The path is relative, because dbt runs in the folder of the project: the
    absolute path that it remembers may be that of the folder from which the project was copied. -#}
{% materialization seed, adapter='duckdb' %}
    {%- set path = model.original_file_path -%}
    {%- set column_types = model['config'].get('column_types') or {} -%}
    {%- set optional = model['config'].get('meta', {}).get('optional_columns', []) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main') -%}
        create or replace table {{ this.render() }} as
        {%- if model.schema == 'raw' and model.name in files_left_out() %}
        -- The exports of this file are left out of this build, because a setting says so or it cannot be read.
        select cast(null as varchar) as left_out where false
        {%- else %}
        {%- set not_loaded = columns_not_loaded(model.name) if model.schema == 'raw' else {} %}
        select *
        {%- if not_loaded %} exclude ({{ quoted_columns(not_loaded.keys()) }}){% endif %}
        {%- if column_types %} replace (
            {%- for column, data_type in column_types.items() %}
            cast({{ adapter.quote(column) }} as {{ data_type }}) as {{ adapter.quote(column) }}
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
        {%- endif %}
        from (
            select * from {{ csv_as_text(path) }}
            {%- if model.schema == 'codebook' %}
            -- A spreadsheet leaves rows of commas below the last row.
            where concat(*columns(*)) <> ''
            {%- endif %}
            {%- if model.schema == 'raw' and header_rows(model.name) %}
            offset {{ header_rows(model.name) }}
            {%- endif %}
            {{ optional_columns(optional) }}
        )
        {%- endif %}
    {%- endcall %}

    {#- dbt expects a table from every seed for its option --show. -#}
    {% call statement('preview', fetch_result=True) -%}
        select * from {{ this.render() }} limit 5
    {%- endcall %}
    {%- do store_result('agate_table', response='OK', agate_table=load_result('preview').table) -%}

    {% set target_relation = this.incorporate(type='table') %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
