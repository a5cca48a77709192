{#- What the columns of a table hold, tested with its grain, since dbt spends as long on a small test as on a large one:
    ranges with both ends included, lists of values, columns of the same name in another table, where null is allowed; and
    columns that are true, where it is not. -#}
{% macro broken_column_rules(model, columns, ranges, values, references, trues) %}
{%- for column, ends in ranges.items() %}
union all
select {{ columns | join(', ') }}, 'range of {{ column }}' as rule
from {{ model }}
where {{ column }} < {{ ends[0] }} or {{ column }} > {{ ends[1] }}
{%- endfor %}
{%- for column, allowed in values.items() %}
union all
select {{ columns | join(', ') }}, 'values of {{ column }}' as rule
from {{ model }}
where {{ column }} not in (
    {%- for value in allowed -%}
    {{ "'" ~ value ~ "'" if value is string else value }}{{ ', ' if not loop.last }}
    {%- endfor -%}
)
{%- endfor %}
{%- for column, other in references.items() %}
union all
select {{ columns | join(', ') }}, '{{ column }} in {{ other.identifier }}' as rule
from {{ model }} as tested
where
    tested.{{ column }} is not null
    and not exists (select 1 from {{ other }} as other where other.{{ column }} = tested.{{ column }})
{%- endfor %}
{%- for column in trues %}
union all
select {{ columns | join(', ') }}, '{{ column }}' as rule
from {{ model }}
where {{ column }} is distinct from true
{%- endfor %}
{% endmacro %}
