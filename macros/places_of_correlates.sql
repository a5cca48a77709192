{#- The places that correlates may have in a model of int_joint_models, when a model runs: as many as a theme has constructs. A list
    that SQL writes place by place needs less memory than one that it collects row by row. -#}
{% macro places_of_correlates() %}
    {%- if not execute or not load_relation(ref('int_correlated_columns')) -%}
        {{ return([1]) }}
    {%- endif -%}
    {%- set query -%}
        select coalesce(max(n_constructs), 1)
        from (
            select count(distinct construct_id) as n_constructs
            from {{ ref('int_correlated_columns') }}
            group by theme_id
        )
    {%- endset -%}
    {{ return(range(1, (run_query(query).columns[0][0] | int) + 1) | list) }}
{% endmacro %}
