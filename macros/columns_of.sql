{#- The column names of a relation. It is a macro of its own, so that a unit test can give names without a table. -#}
{% macro columns_of(relation) %}
    {{ return(adapter.get_columns_in_relation(relation) | map(attribute='name') | list if execute else []) }}
{% endmacro %}
