{#- Every value is true; a null is not. -#}
{% test is_true(model, column_name) %}
select *
from {{ model }}
where {{ column_name }} is distinct from true
{% endtest %}
