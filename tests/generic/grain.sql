{#- One row per combination of the columns, none of them null: a doubled row is the quietest way to a wrong index. What
    the other columns may hold goes with it. -#}
{% test grain(model, columns, ranges={}, values={}, references={}, trues=[]) %}
select {{ columns | join(', ') }}, 'grain' as rule
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | join(' is null or ') }} is null
{{ broken_column_rules(model, columns, ranges, values, references, trues) }}
{% endtest %}
