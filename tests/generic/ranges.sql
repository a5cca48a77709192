{#- Every number lies in its range, both ends included; null is allowed. An end is a number or another column. -#}
{% test ranges(model, ranges) %}
select *
from {{ model }}
where
    {% for column, ends in ranges.items() -%}
    {{ 'or ' if not loop.first }}{{ column }} not between {{ ends[0] }} and {{ ends[1] }}
    {% endfor %}
{% endtest %}
