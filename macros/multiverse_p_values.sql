{#- The ways in which the multiverse computes and adjusts p: method, adjustment and the column of est_multiverse. -#}
{% macro multiverse_p_values() %}
    {%- set p_values = [] -%}
    {%- for p_method in ['classical', 'linearised', 'fisher'] -%}
        {%- for multiplicity in ['none', 'benjamini_hochberg', 'holm'] -%}
            {%- do p_values.append((p_method, multiplicity, 'p_' ~ p_method ~ '_' ~ multiplicity)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(p_values) }}
{% endmacro %}


{#- How many of the nine p of a row, given as bits, say what was concluded. -#}
{% macro n_specifications_supporting(signs, concluded) -%}
    bit_count(
        case when {{ concluded }}.is_concluded_positive then {{ signs }}.positive_bits else 511 - {{ signs }}.positive_bits end
        & case when {{ concluded }}.is_concluded_negative then {{ signs }}.negative_bits else 511 - {{ signs }}.negative_bits end
    )
{%- endmacro %}
