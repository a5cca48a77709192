{#- How reports print numbers. Rounding, stars and small bases are defined only here. A row is withheld if its base is
    null or below `minimum_base`. A report sets the base to null if the disclosure plan withholds the row (schema
    `disclosure`). -#}

{#- Half away from zero, as a person rounds. A share is divided before it is multiplied, so that 100 * (23 / 40) is
    57.49999999999999; a billionth of a thousandth more makes it 57.5 again, and moves no number that is not a half.
    Adding 0.0 turns -0.000 into 0.000. -#}
{% macro round_half_away(expression, decimals) -%}
    round(({{ expression }}) * (1 + 1e-12), {{ decimals }}) + 0.0
{%- endmacro %}


{#- A value that is null in a withheld row; also used for the number of respondents and the reason for no estimate. -#}
{% macro unless_withheld(expression, base='n_base') -%}
    case when {{ base }} >= {{ var('minimum_base') }} then {{ expression }} end
{%- endmacro %}


{#- A rounded number, null if the row is withheld. -#}
{% macro reported(expression, decimals, base='n_base') -%}
    {{ unless_withheld(round_half_away(expression, decimals), base) }}
{%- endmacro %}


{#- A p to three significant digits: however small, it is never printed as 0. -#}
{% macro three_digits(p_value) -%}
    cast(printf('%.3g', {{ p_value }}) as double)
{%- endmacro %}


{#- A p to three significant digits, null if the row is withheld. -#}
{% macro reported_p(p_value, base='n_base') -%}
    {{ unless_withheld(three_digits(p_value), base) }}
{%- endmacro %}


{#- A number as the paper prints it, rounded like a reported one. -#}
{% macro printed(expression, decimals) -%}
    printf('%.' || {{ decimals }} || 'f', {{ round_half_away(expression, decimals) }})
{%- endmacro %}


{#- The printed legend: ** at the 1 % level, * at the 5 % level, two-sided. -#}
{% macro stars(p_value) -%}
    case when {{ p_value }} <= 0.01 then '**' when {{ p_value }} <= 0.05 then '*' else '' end
{%- endmacro %}


{#- The stars of a row; none if the row is withheld. -#}
{% macro reported_stars(p_value, base='n_base') -%}
    coalesce({{ unless_withheld(stars(p_value), base) }}, '')
{%- endmacro %}


{#- The p on which a correlation's stars and its family are based, as in `correlate_p_values` of multiplicity.py.
    Kendall, polychoric and weighted rows have no t test, and a perfect correlation has an exact p instead. -#}
{% macro p_value_of_stars() -%}
    case
        when method_id in ('pearson', 'spearman') and weighting_id = 'unweighted' then coalesce(p_value_t, p_value)
        else p_value
    end
{%- endmacro %}


{#- The base of a row that may be weighted: its respondents or, if a few large weights leave fewer, the effective
    number. Null if the respondents are. -#}
{% macro effective_base(respondents, effective) -%}
    case when {{ respondents }} is not null then least({{ respondents }}, {{ effective }}) end
{%- endmacro %}


{#- The flags of a row. A small group and a group withheld to protect it have the same reason, so the reason does not
    reveal which is small. `respondents` is the base before `effective_base`, where a report has weighted rows. -#}
{% macro base_flags(base='n_base', respondents='null') -%}
    coalesce({{ base }} < {{ var('small_base') }}, true) as is_small_base,
    coalesce({{ base }} < {{ var('minimum_base') }}, true) as is_withheld,
    case
        when {{ base }} >= {{ var('minimum_base') }} then null
        when {{ respondents }} >= {{ var('minimum_base') }}
            then {{ sentence('withheld_few_effective', {'minimum_base': var('minimum_base')}) }}
        else {{ sentence('withheld_small_group', {'minimum_base': var('minimum_base')}) }}
    end as withheld_reason
{%- endmacro %}


{#- Whether the respondents are so many that a few more or fewer do not change rounded percentages. In a smaller survey
    the groups by answer would be tiny, and the difference between two bases would reveal how many do not know. -#}
{% macro is_divisible(base='n_respondents') -%}
    {{ base }} >= 20 * {{ var('minimum_base') }}
{%- endmacro %}


{#- A base for a sentence: rounded down like the bases of the published file. -#}
{% macro at_least(count) -%}
    {{ count }} - {{ count }} % {{ var('minimum_base') }}
{%- endmacro %}
