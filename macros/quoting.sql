{#- A value as an SQL string. -#}
{% macro quoted_text(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}


{#- Values as a list of SQL strings; never empty, so that `in (...)` stays valid SQL. -#}
{% macro quoted_list(values) -%}
    {%- for value in values %}{{ quoted_text(value) }}, {% endfor -%} ''
{%- endmacro %}


{#- Whether a text, which is not null, is blank or one of several values. An `in` of five values or more becomes a join in
    DuckDB: a query with a hundred of them copies all columns a hundred times, and list_contains is no better. -#}
{% macro is_one_of(expression, values) -%}
    coalesce(list_position([{{ quoted_list(values) }}], {{ expression }}), 0) > 0
{%- endmacro %}


{#- The name of an export's column, whatever characters a survey tool put into it. -#}
{% macro quoted_column(name) -%}
    "{{ name | replace('"', '""') }}"
{%- endmacro %}


{#- A column of an export in a query that reads its table as `export_rows`. Without the qualifier, a column that has the
    name of an alias could be mistaken for it. -#}
{% macro export_column(name) -%}
    export_rows.{{ quoted_column(name) }}
{%- endmacro %}


{#- The names of several columns, comma-separated. -#}
{% macro quoted_columns(names) -%}
    {%- for name in names %}{{ quoted_column(name) }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}


{#- Whether a normalised label is blank, one of several labels, or a code of theirs that is printed as 1.0. -#}
{% macro is_code_of(label, labels) -%}
    ({{ is_one_of(label, labels) }} or {{ is_one_of("regexp_replace(" ~ label ~ ", '^(-?[0-9]+)[.]0+$', '\\1')", labels) }})
{%- endmacro %}
