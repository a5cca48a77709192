{#- Schemas are named after the layers, without dbt's usual prefix: analysts write reports.rpt_levels. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
