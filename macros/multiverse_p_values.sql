{#- The ways in which the multiverse computes and adjusts p: method, adjustment and the column of est_multiverse. -#}
{% macro multiverse_p_values() %}
    {%- set p_values = [] -%}
    {%- for p_method_id in ['classical', 'linearised', 'fisher'] -%}
        {%- for multiplicity in ['none', 'benjamini_hochberg', 'holm'] -%}
            {%- do p_values.append((p_method_id, multiplicity, 'p_' ~ p_method_id ~ '_' ~ multiplicity)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(p_values) }}
{% endmacro %}


{#- The same nine as one list, in that order. -#}
{% macro multiverse_p_value_list(prefix='') -%}
    [{%- for _, _, column in multiverse_p_values() %}{{ prefix }}{{ column }}{{ ', ' if not loop.last }}{%- endfor %}]
{%- endmacro %}


{#- Results that differ by less than a billionth are one: different sums of the same respondents. -#}
{% macro compared(result) -%}
    round({{ result }}, 9)
{%- endmacro %}


{#- Of few people, results with and without Don't Know would tell how many did not know. For `qualify`: one decision for all
    results of a correlation. -#}
{% macro is_told_in_multiverse() -%}
    (
        dont_know_rule_id = 'leave_out'
        or {{ is_divisible(
            'max(n_respondents) over (partition by council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)'
        ) }}
    )
{%- endmacro %}


{#- How many of the nine p of a row, given as bits, say what was concluded. -#}
{% macro n_specifications_supporting(signs, concluded) -%}
    bit_count(
        case when {{ concluded }}.is_concluded_positive then {{ signs }}.positive_bits else 511 - {{ signs }}.positive_bits end
        & case when {{ concluded }}.is_concluded_negative then {{ signs }}.negative_bits else 511 - {{ signs }}.negative_bits end
    )
{%- endmacro %}
