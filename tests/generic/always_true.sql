{#- The columns are true in every row; a null is not true. -#}
{% test always_true(model, columns) %}
select *
from {{ model }}
where not ({{ columns | join(' and ') }}) or ({{ columns | join(' and ') }}) is null
{% endtest %}
