{#- The column names of a relation. A macro of its own, so that a unit test can name columns without a table. -#}
{% macro columns_of(relation) %}
    {{ return(adapter.get_columns_in_relation(relation) | map(attribute='name') | list if execute else []) }}
{% endmacro %}
