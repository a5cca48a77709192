{#- Fails if two rows share the columns. Nulls count as equal, because some rows have no council, topic or construct.
    -#}
{% test unique_rows(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
