{#- No two rows share the columns; nulls are values here, because some rows have no council, topic or construct. The
    ranges of other columns go with it, as in the test of the grain. -#}
{% test unique_rows(model, columns, ranges={}) %}
select {{ columns | join(', ') }}, 'unique rows' as rule
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{{ out_of_range(model, columns, ranges) }}
{% endtest %}
