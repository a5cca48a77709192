{#- How a report prints a number. One place for rounding, stars and small bases. -#}

{#- Half away from zero, as a person rounds; adding 0.0 turns -0.000 into 0.000. -#}
{% macro round_half_away(expression, decimals) -%}
    round({{ expression }}, {{ decimals }}) + 0.0
{%- endmacro %}


{#- The number as a report gives it: rounded, and withheld where too few people stand behind it. -#}
{% macro reported(expression, decimals, base='n_base') -%}
    case when {{ base }} >= {{ var('minimum_base') }} then {{ round_half_away(expression, decimals) }} end
{%- endmacro %}


{#- A p to three significant digits: however small, it is never printed as 0. -#}
{% macro three_digits(p_value) -%}
    cast(printf('%.3g', {{ p_value }}) as double)
{%- endmacro %}


{#- The p as a report gives it, withheld with its estimate. -#}
{% macro reported_p(p_value, base='n_base') -%}
    case when {{ base }} >= {{ var('minimum_base') }} then {{ three_digits(p_value) }} end
{%- endmacro %}


{#- A reported number as the paper prints it. -#}
{% macro printed(expression, decimals) -%}
    printf('%.{{ decimals }}f', {{ expression }})
{%- endmacro %}


{#- The printed legend: ** at the 1 % level, * at the 5 % level, two-sided. -#}
{% macro stars(p_value) -%}
    case when {{ p_value }} <= 0.01 then '**' when {{ p_value }} <= 0.05 then '*' else '' end
{%- endmacro %}


{#- The p that carries the stars of a correlation and enters its family, as `correlate_p_values` in families.py has it:
    Kendall and polychoric have no t test, weighted rows neither. -#}
{% macro p_value_of_stars() -%}
    case when method in ('pearson', 'spearman') and weighting_id = 'unweighted' then p_value_t else p_value end
{%- endmacro %}


{% macro base_flags(base='n_base') -%}
    {{ base }} < {{ var('small_base') }} as is_small_base,
    {{ base }} < {{ var('minimum_base') }} as is_suppressed,
    case
        when {{ base }} < {{ var('minimum_base') }} then 'fewer than {{ var("minimum_base") }} respondents'
    end as suppression_reason
{%- endmacro %}
