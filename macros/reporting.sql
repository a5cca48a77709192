{#- How a report prints a number. One place for rounding, stars and small bases.

    A base of null is withheld: the number would reveal a group that is too small (`withheld_parts`). -#}

{#- Half away from zero, as a person rounds; adding 0.0 turns -0.000 into 0.000. -#}
{% macro round_half_away(expression, decimals) -%}
    round({{ expression }}, {{ decimals }}) + 0.0
{%- endmacro %}


{#- Anything that a withheld row does not tell: also how many respondents there were, and why there is no estimate. -#}
{% macro unless_withheld(expression, base='n_base') -%}
    case when {{ base }} >= {{ var('minimum_base') }} then {{ expression }} end
{%- endmacro %}


{#- The number as a report gives it: rounded, and withheld where too few people stand behind it. -#}
{% macro reported(expression, decimals, base='n_base') -%}
    {{ unless_withheld(round_half_away(expression, decimals), base) }}
{%- endmacro %}


{#- A p to three significant digits: however small, it is never printed as 0. -#}
{% macro three_digits(p_value) -%}
    cast(printf('%.3g', {{ p_value }}) as double)
{%- endmacro %}


{#- The p as a report gives it, withheld with its estimate. -#}
{% macro reported_p(p_value, base='n_base') -%}
    {{ unless_withheld(three_digits(p_value), base) }}
{%- endmacro %}


{#- A reported number as the paper prints it. -#}
{% macro printed(expression, decimals) -%}
    printf('%.{{ decimals }}f', {{ expression }})
{%- endmacro %}


{#- The printed legend: ** at the 1 % level, * at the 5 % level, two-sided. -#}
{% macro stars(p_value) -%}
    case when {{ p_value }} <= 0.01 then '**' when {{ p_value }} <= 0.05 then '*' else '' end
{%- endmacro %}


{#- The p of a correlation's stars, which also enters its family, as in `correlate_p_values` of multiplicity.py:
    Kendall and polychoric have no t test, weighted rows neither. -#}
{% macro p_value_of_stars() -%}
    case when method_id in ('pearson', 'spearman') and weighting_id = 'unweighted' then p_value_t else p_value end
{%- endmacro %}


{#- The flags of a row. The reason is the same for a small group and for the group that hides it. -#}
{% macro base_flags(base='n_base') -%}
    coalesce({{ base }} < {{ var('small_base') }}, true) as is_small_base,
    coalesce({{ base }} < {{ var('minimum_base') }}, true) as is_withheld,
    case
        when {{ base }} >= {{ var('minimum_base') }} then null
        else 'fewer than {{ var("minimum_base") }} respondents, or next to such a group'
    end as withheld_reason
{%- endmacro %}


{#- Which parts of a whole are withheld. Where one part has fewer than `minimum_base` respondents, the whole less the
    other parts would tell of it. So the smallest parts are withheld together: at least two, and so many that the others
    leave open where twice `minimum_base` respondents are, half of it with the outcome and half of it without. What is
    withheld in one row (of a topic, a measure, a weighting) is withheld in all, since these tell of each other. -#}
{% macro withheld_parts(relation, whole, parts, measured=[], is_told_elsewhere='false') -%}
    {%- set order = ['is_told_elsewhere and n_smallest >= ' ~ var('minimum_base'), 'n_smallest'] + parts -%}
    select
        {{ (whole + parts) | join(',\n        ') }},
        bool_or(
            n_smallest < {{ var('minimum_base') }}
            or has_small_part and not is_told_elsewhere and (
                number_of_part <= 2
                or n_before < 2 * {{ var('minimum_base') }}
                or n_with_outcome_before < {{ var('minimum_base') }} / 2
                or n_before - n_with_outcome_before < {{ var('minimum_base') }} / 2
            )
        ) as is_withheld
    from (
        select
            *,
            min(n_smallest) over (partition by {{ whole | join(', ') }}) < {{ var('minimum_base') }} as has_small_part,
            row_number() over smaller_parts as number_of_part,
            coalesce(sum(n_respondents) over smaller_parts, 0) - n_respondents as n_before,
            coalesce(sum(n_respondents * estimate) over smaller_parts, 0) - n_respondents * estimate
                as n_with_outcome_before
        from (
            select
                *,
                {{ is_told_elsewhere }} as is_told_elsewhere,
                min(n_respondents) over (partition by {{ (whole + parts) | join(', ') }}) as n_smallest
            from {{ relation }}
        )
        where weighting_id = 'unweighted'
        window
            smaller_parts as (
                partition by {{ (whole + measured) | join(', ') }}
                order by {{ order | join(', ') }}
                rows between unbounded preceding and current row
            )
    )
    group by all
{%- endmacro %}


{#- Whether so many answered that a few more or fewer hide in the rounding of percentages. In a smaller survey the groups
    by answer would be tiny, and the number of those who do not know would be the difference of two bases. -#}
{% macro is_divisible(base='n_respondents') -%}
    {{ base }} >= 20 * {{ var('minimum_base') }}
{%- endmacro %}


{#- A base as words give it: rounded down like the bases of the published file. -#}
{% macro at_least(count) -%}
    {{ count }} - {{ count }} % {{ var('minimum_base') }}
{%- endmacro %}
