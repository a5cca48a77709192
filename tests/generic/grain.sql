{#- One row per combination of the columns, none of them null: a doubled row is the quietest way to a wrong index. The
    ranges of other columns go with it, since dbt spends as long on a small test as on a large one. -#}
{% test grain(model, columns, ranges={}) %}
select {{ columns | join(', ') }}, 'grain' as rule
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | join(' is null or ') }} is null
{{ out_of_range(model, columns, ranges) }}
{% endtest %}
