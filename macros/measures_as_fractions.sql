{#- The measures of the levels: for each respondent and topic one row per measure that is not missing, as the fraction
    n_positive / n_answered. -#}
{% macro measures_as_fractions(relation) -%}
    {%- set measures = {
        'individual_index': ('n_activities_positive', 'n_activities_answered'),
        'collective_participation': ('collective_participation', '1'),
        'collective_often': ('collective_often', '1'),
        'collective_sometimes': ('collective_participation - collective_often', '1'),
        'willing_monthly': ('willing_monthly', '1'),
        'currently_monthly': ('currently_monthly', '1'),
        'extra_monthly': ('extra_monthly', '1'),
    } -%}
    {%- for measure_id, (n_positive, n_answered) in measures.items() %}
    select
        *,
        '{{ measure_id }}' as measure_id,
        {{ n_positive }} as n_positive,
        {{ n_answered }} as n_answered
    from {{ relation }}
    where {{ 'individual_index' if measure_id == 'individual_index' else n_positive }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
