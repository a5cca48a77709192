{#- The rules of the disclosure plan (docs/disclosure.md). Only the models of `disclosure` use them; reports join these
    models. -#}

{#- Which minimum a group misses; null if none. `n_with` is the number who have the outcome (for a mean, the sum of the
    values of 0-1), and `n_others` the number of respondents outside the group. -#}
{% macro missed_minimum(n_with, n_others='null', n_respondents='n_respondents') -%}
    case
        when {{ n_respondents }} < {{ var('minimum_base') }} then 'few_people'
        when {{ n_others }} > 0 and {{ n_others }} < {{ var('minimum_base') }} then 'few_others'
        when round({{ n_with }}, 6) < {{ var('minimum_on_each_side') }} then 'few_with'
        when round({{ n_respondents }} - {{ n_with }}, 6) < {{ var('minimum_on_each_side') }} then 'few_without'
    end
{%- endmacro %}


{#- Whether a number of people is so small that it is hidden. Nobody is not: that there are none is no secret. -#}
{% macro is_few(n_people) -%}
    ({{ n_people }} > 0 and {{ n_people }} < {{ var('minimum_base') }})
{%- endmacro %}


{#- The relation with `is_withheld`: whether a part of a whole is withheld. A part that misses a minimum (`rule_id`) is.
    Subtracting the other parts from the whole would reveal it. So the smallest other parts are withheld with it: at
    least two parts in all, which together hold twice `minimum_base` respondents, half of them with the outcome and half
    without. `measured` are columns of which each value divides the same respondents; a part is withheld in all of
    them. -#}
{% macro withheld_parts(relation, whole, parts, measured=[], is_known_elsewhere='false') -%}
    {%- set minimum = var('minimum_base') -%}
    select
        * exclude (number_of_part, n_before, n_with_before, is_known_elsewhere),
        bool_or(
            rule_id is not null
            or has_small_part and not is_known_elsewhere and (
                number_of_part <= 2
                or n_before < 2 * {{ minimum }}
                or n_with_before < {{ minimum }} / 2
                or n_before - n_with_before < {{ minimum }} / 2
            )
        ) over (partition by {{ (whole + parts) | join(', ') }}) as is_withheld
    from (
        select
            *,
            {{ is_known_elsewhere }} as is_known_elsewhere,
            bool_or(rule_id is not null) over (partition by {{ whole | join(', ') }}) as has_small_part,
            row_number() over smaller_parts as number_of_part,
            sum(n_respondents) over smaller_parts - n_respondents as n_before,
            sum(n_with) over smaller_parts - n_with as n_with_before
        from {{ relation }}
        window
            smaller_parts as (
                partition by {{ (whole + measured) | join(', ') }}
                order by rule_id is null, {{ is_known_elsewhere }}, n_respondents, {{ parts | join(', ') }}
                rows between unbounded preceding and current row
            )
    )
{%- endmacro %}
