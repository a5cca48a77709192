{#- Fails if a number is outside its range. Both ends belong to the range, and null is allowed. An end is a number or
    the name of another column. -#}
{% test ranges(model, ranges) %}
select *
from {{ model }}
where
    {% for column, ends in ranges.items() -%}
    {{ 'or ' if not loop.first }}{{ column }} not between {{ ends[0] }} and {{ ends[1] }}
    {% endfor %}
{% endtest %}
