{#- No two rows share the columns; nulls are values here, because some rows have no council, topic or construct. What
    the other columns may hold goes with it, as in the test of the grain. -#}
{% test unique_rows(model, columns, ranges={}, values={}, references={}, trues=[]) %}
select {{ columns | join(', ') }}, 'unique rows' as rule
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{{ broken_column_rules(model, columns, ranges, values, references, trues) }}
{% endtest %}
