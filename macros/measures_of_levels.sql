{#- The measures of the levels, each as a fraction: its name, the positive part and the whole. -#}
{% macro measures_of_levels() %}
    {{ return([
        ('individual_index', 'n_activities_positive', 'n_activities_answered'),
        ('collective_participation', 'collective_participation', '1'),
        ('collective_often', 'collective_often', '1'),
        ('collective_sometimes', 'collective_participation - collective_often', '1'),
        ('willing_monthly', 'willing_monthly', '1'),
        ('currently_monthly', 'currently_monthly', '1'),
        ('extra_monthly', 'extra_monthly', '1'),
    ]) }}
{% endmacro %}
