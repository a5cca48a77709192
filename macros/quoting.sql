{#- A value as an SQL string. -#}
{% macro quoted_text(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}


{#- Values as a list of SQL strings; never empty, so that `in (...)` stays valid SQL. -#}
{% macro quoted_list(values) -%}
    {%- for value in values %}{{ quoted_text(value) }}, {% endfor -%} ''
{%- endmacro %}


{#- The name of an export's column, whatever characters a survey tool put into it. -#}
{% macro quoted_column(name) -%}
    "{{ name | replace('"', '""') }}"
{%- endmacro %}


{#- The names of several columns, comma-separated. -#}
{% macro quoted_columns(names) -%}
    {%- for name in names %}{{ quoted_column(name) }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}
