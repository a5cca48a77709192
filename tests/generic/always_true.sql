{#- Fails if one of the columns is false or null in a row. -#}
{% test always_true(model, columns) %}
select *
from {{ model }}
where not ({{ columns | join(' and ') }}) or ({{ columns | join(' and ') }}) is null
{% endtest %}
