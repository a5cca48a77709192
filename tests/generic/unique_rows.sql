{#- No two rows share the columns; nulls are values here, because a missing outcome is counted in a row of its own. -#}
{% test unique_rows(model, columns) %}
select {{ columns | join(', ') }}, count(*) as n_rows
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
