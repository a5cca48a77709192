{#- The measures of the levels in words. -#}
{% macro measure_label(measure_id) -%}
    case {{ measure_id }}
        when 'individual_index' then 'Index of individual co-production'
        when 'collective_participation' then 'Collective co-production: takes part in groups'
        when 'collective_often' then 'Takes part in groups often'
        when 'collective_sometimes' then 'Takes part in groups sometimes'
        when 'willing_monthly' then 'Willing to spend at least a few hours a month'
        when 'currently_monthly' then 'Spends at least a few hours a month now'
        when 'extra_monthly' then 'Willing to spend a few more hours a month'
    end
{%- endmacro %}
