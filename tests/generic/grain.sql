{#- One row per combination of the columns, none of them null: a doubled row is the quietest way to a wrong index. -#}
{% test grain(model, columns) %}
select {{ columns | join(', ') }}, count(*) as n_rows
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | join(' is null or ') }} is null
{% endtest %}
