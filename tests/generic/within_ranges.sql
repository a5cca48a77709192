{#- Every value of each column lies in its range, both ends included; null is allowed. One query for all columns. -#}
{% test within_ranges(model, ranges) %}
select *
from {{ model }}
where
    {%- for column, ends in ranges.items() %}
    {{ column }} < {{ ends[0] }} or {{ column }} > {{ ends[1] }}{{ ' or' if not loop.last }}
    {%- endfor %}
{% endtest %}
