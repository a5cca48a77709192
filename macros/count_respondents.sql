{#- The columns of every count table: the number of respondents and, if they have weights, the sum of weights and of
    squared weights. Weights are whole numbers (int_weights), because sums of decimals depend on the order of the rows.
    A sum that does not fit in 38 digits is an error. -#}
{% macro count_respondents(weight='weight') -%}
    count(*) as n_respondents,
    sum({{ weight }}) as sum_weight,
    sum({{ weight }} * {{ weight }}) as sum_weight_squared
{%- endmacro %}


{#- The sum of the fourth powers, for the degrees of freedom of a weighted variance. Fourth powers of 10^12 units do not
    fit in 38 digits. So the unit is larger here: the largest weight of a survey has 10^7 units, and 10^28 as its fourth
    power. It is the fourth power that is rounded, not the weight, because a rounded small weight would lose digits. It is
    multiplied: the last digit of power() depends on the machine. -#}
{% macro sum_of_fourth_powers(weight='weight') -%}
    {%- set unit = '(' ~ weight ~ ' / 1e5)' -%}
    sum(cast(round({{ [unit, unit, unit, unit] | join(' * ') }}) as decimal(38, 0))) as sum_weight_fourth
{%- endmacro %}


{#- The columns of count_respondents(), added up: a count that groups by numbers first adds up the rows that become one when
    the numbers get their names. -#}
{% macro add_up_respondents(counted='counted') -%}
    cast(sum({{ counted }}.n_respondents) as bigint) as n_respondents,
    sum({{ counted }}.sum_weight) as sum_weight,
    sum({{ counted }}.sum_weight_squared) as sum_weight_squared
{%- endmacro %}
