{#- The score of an answer to a question worded the other way round: minimum and maximum change places. -#}
{% macro reversed(score) -%}
    case when questions.is_reversed then questions.scale_minimum + questions.scale_maximum - {{ score }} else {{ score }} end
{%- endmacro %}
