{#- The score of an answer, reversed if the question has `is_reversed`: minimum + maximum - score. -#}
{% macro reversed(score) -%}
    case when questions.is_reversed then questions.scale_minimum + questions.scale_maximum - {{ score }} else {{ score }} end
{%- endmacro %}
