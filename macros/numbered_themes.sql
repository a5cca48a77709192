{#- The themes of the codebook with a number for each, as a table in parentheses: the place of a theme in lists that have one
    element for each theme. -#}
{% macro numbered_themes() -%}
    (
        select
            theme_id,
            cast(row_number() over (order by theme_id) as integer) as theme_number
        from {{ ref('themes') }}
    )
{%- endmacro %}


{#- The surveys with a number for each, as a table in parentheses: council and wave in one number. -#}
{% macro numbered_surveys() -%}
    (
        select
            council_id,
            wave_id,
            cast(row_number() over (order by council_id, wave_id) as integer) as survey_number
        from {{ ref('stg_exports') }}
        group by council_id, wave_id
    )
{%- endmacro %}


{#- The numbers of the themes, when the model runs. -#}
{% macro theme_numbers() %}
    {%- if not execute or not load_relation(ref('themes')) -%}
        {{ return([1]) }}
    {%- endif -%}
    {{ return(run_query('select theme_number from ' ~ numbered_themes() ~ ' as themes order by theme_number').columns[0].values() | map('int') | list) }}
{% endmacro %}
