{#- The places that correlates have in the models of int_joint_models, when a model runs: 1 to that of the largest model. A list that SQL
    writes place by place needs less memory than one that it collects row by row. -#}
{% macro places_of_correlates() %}
    {%- if not execute or not load_relation(ref('int_joint_models')) -%}
        {{ return([1]) }}
    {%- endif -%}
    {%- set query = 'select coalesce(max(place), 1) from ' ~ ref('int_joint_models') -%}
    {{ return(range(1, (run_query(query).columns[0][0] | int) + 1) | list) }}
{% endmacro %}
