{#- The columns of the raw table of each file that an export names, by file. One query for all: with one for each file,
    five hundred files took five hundred times as long as one, and each query looks through the columns of all. -#}
{% macro columns_by_file(exports) %}
    {%- set columns = {} -%}
    {%- if exports -%}
        {%- set raw = export_relation(exports[0].file) -%}
        {%- set query -%}
            select table_name, column_name
            from information_schema.columns
            where table_catalog = {{ quoted_text(raw.database) }} and table_schema = {{ quoted_text(raw.schema) }}
            order by table_name, ordinal_position
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- do columns.setdefault(row[0], []).append(row[1]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(columns) }}
{% endmacro %}
