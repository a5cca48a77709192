{#- The two outcomes in words. -#}
{% macro outcome_label(outcome_id) -%}
    case {{ outcome_id }}
        when 'individual_index' then 'Individual co-production'
        when 'collective_participation' then 'Collective co-production'
    end
{%- endmacro %}
