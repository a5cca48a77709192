{#- What every count table holds: respondents and, where a weight exists, its sum and sum of squares. Weights are counted
    in ten-thousandths, as whole numbers, because sums of decimals depend on the order of the rows. -#}
{% macro count_respondents(weight='weight') -%}
    count(*) as n_respondents,
    cast(sum(cast(round({{ weight }} * 10000) as bigint)) as bigint) as sum_weight,
    cast(sum(cast(round({{ weight }} * 10000) as bigint) * cast(round({{ weight }} * 10000) as bigint)) as bigint) as sum_weight_squared
{%- endmacro %}
