{#- Every value of each column lies in its range, both ends included; null is allowed. -#}
{% macro out_of_range(model, columns, ranges) %}
{%- for column, ends in ranges.items() %}
union all
select {{ columns | join(', ') }}, 'range of {{ column }}' as rule
from {{ model }}
where {{ column }} < {{ ends[0] }} or {{ column }} > {{ ends[1] }}
{%- endfor %}
{% endmacro %}
