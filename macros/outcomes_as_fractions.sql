{#- The two outcomes of a respondent and topic, one row each, as fractions n_positive / n_answered; both null if the
    outcome is missing, because missing outcomes are counted too. -#}
{% macro outcomes_as_fractions(relation) -%}
    select
        *,
        'individual_index' as outcome_id,
        case when individual_index is not null then n_activities_positive end as n_positive,
        case when individual_index is not null then n_activities_answered end as n_answered
    from {{ relation }}
    where n_activities_asked > 0
    union all
    select
        *,
        'collective_participation' as outcome_id,
        collective_participation as n_positive,
        case when collective_participation is not null then 1 end as n_answered
    from {{ relation }}
{%- endmacro %}
