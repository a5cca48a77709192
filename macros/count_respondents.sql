{#- The columns of every count table: the number of respondents and, if they have weights, the sum of weights and of
    squared weights. Weights are counted in ten-thousandths, as whole numbers, because sums of decimals depend on the
    order of the rows. -#}
{% macro count_respondents(weight='weight') -%}
    count(*) as n_respondents,
    cast(sum(cast(round({{ weight }} * 10000) as bigint)) as bigint) as sum_weight,
    cast(sum(cast(round({{ weight }} * 10000) as bigint) * cast(round({{ weight }} * 10000) as bigint)) as bigint) as sum_weight_squared
{%- endmacro %}


{#- The sum of the fourth powers of the same ten-thousandths, for the degrees of freedom of a weighted variance. It can
    be too large for 64 bits, so it is added up in 128 bits, where the order of rows does not matter, and then converted
    to a double. -#}
{% macro sum_of_fourth_powers(weight='weight') -%}
    {%- set units = 'cast(round(' ~ weight ~ ' * 10000) as hugeint)' -%}
    cast(sum({{ [units, units, units, units] | join(' * ') }}) as double) as sum_weight_fourth
{%- endmacro %}
