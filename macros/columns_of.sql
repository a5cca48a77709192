{#- The column names of a relation. This is a separate macro so that a unit test can give names without a table. -#}
{% macro columns_of(relation) %}
    {{ return(adapter.get_columns_in_relation(relation) | map(attribute='name') | list if execute else []) }}
{% endmacro %}
