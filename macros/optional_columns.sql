{#- Adds the columns that a file may lack to a query of that file: each is null where the file has no such column. The
    seed materialization uses it for the columns in `meta: optional_columns` of a seed's .yml. -#}
{% macro optional_columns(names) %}
    {%- if names -%}
    union all by name
    select {% for name in names %}cast(null as varchar) as {{ quoted_column(name) }}{{ ', ' if not loop.last }}{% endfor %} where false
    {%- endif -%}
{% endmacro %}
