{#- The rules of the disclosure plan (docs/disclosure.md). Only the models of `disclosure` use them; reports join these
    models. -#}

{#- Which minimum a group misses; null if none. `n_with` is the number who have the outcome (for a mean, the sum of the
    values of 0-1), and `n_others` the number of respondents outside the group. -#}
{% macro missed_minimum(n_with, n_others='null', n_respondents='n_respondents') -%}
    case
        when {{ n_respondents }} < {{ var('minimum_base') }} then 'few_people'
        when {{ is_few(n_others) }} then 'few_others'
        when round({{ n_with }}, 6) < {{ var('minimum_on_each_side') }} then 'few_with'
        when round({{ n_respondents }} - {{ n_with }}, 6) < {{ var('minimum_on_each_side') }} then 'few_without'
    end
{%- endmacro %}


{#- A number of people, or a sum of their values of 0-1, as a decimal. A sum of floats depends on the order of the rows, and
    near a minimum it would decide what is withheld. -#}
{% macro exact(n_people) -%}
    cast({{ n_people }} as decimal(38, 9))
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
                or round(n_with_before, 6) < {{ minimum }} / 2
                or round(n_before - n_with_before, 6) < {{ minimum }} / 2
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


{#- The parts into which raking divides the people of a whole, as rows with `n_in_part` and `n_others`: each category with a
    known share, among all respondents of a survey (`is_of_all`), and each combination of categories, which have one
    weight, if the whole has at most four. A weighted result and the unweighted one are an equation for the counts of
    the parts. A category that keeps its share, a list in `margin_cell`, is no part, because raking leaves its weight.
    `divided_by` are columns that divide each part further. -#}
{% macro raked_parts(relation, whole, is_of_all='false', divided_by=[]) -%}
    {%- set variable = whole | join(', ') ~ ', variable_number' -%}
    {%- set category = "'$[' || variable_number - 1 || ']'" -%}
    select
        *,
        sum(n_respondents) over (partition by {{ variable }}, raked_part) as n_in_part,
        sum(n_respondents) over (partition by {{ variable }}) - n_in_part as n_others
    from (
        select
            {{ (whole + divided_by) | join(', ') }},
            variable_number,
            case variable_number when 0 then margin_cell else json_extract(margin_cell, {{ category }}) end as raked_part,
            case variable_number
                when 0 then list_contains(json_type(margin_cell, '$[*]'), 'VARCHAR')
                else json_type(margin_cell, {{ category }}) = 'VARCHAR'
            end as is_raked,
            cast(sum(n_respondents) as bigint) as n_respondents,
            sum(n_with) as n_with
        from {{ relation }}
        inner join range(0, 100) as variables (variable_number)
            on variable_number <= json_array_length(margin_cell) and (variable_number = 0 or {{ is_of_all }})
        group by all
    )
    qualify
        is_raked
        and (
            variable_number > 0
            or count(distinct raked_part) filter (where is_raked) over (partition by {{ variable }}) <= 4
        )
{%- endmacro %}
