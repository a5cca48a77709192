{#- Fails if two rows share the key columns, because they would be counted twice, or if a key column is null. -#}
{% test grain(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | join(' is null or ') }} is null
{% endtest %}
