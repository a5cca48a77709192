{#- 1 if any valid answer to the construct meets the condition, 0 if none of the valid answers does, null without a
    valid answer for which the condition is known. A Don't Know about one topic therefore has no influence on the other
    topics, and a scale without the answer `often` gives no 0. -#}
{% macro outcome_from_answers(construct_id, condition='is_positive') -%}
    cast(
        max(case when {{ condition }} then 1 when not {{ condition }} then 0 end)
            filter (where construct_id = '{{ construct_id }}' and answer_kind = 'valid')
        as integer
    )
{%- endmacro %}
