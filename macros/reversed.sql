{#- The score of an answer, reversed if the question has `is_reversed`: minimum + maximum - score. -#}
{% macro reversed(score) -%}
    case when questions.is_reversed then questions.scale_minimum + questions.scale_maximum - {{ score }} else {{ score }} end
{%- endmacro %}


{#- The score of a cell from the row `questions` of stg_column_codes for its code: that of the answer or, where the scale lists no answer, the
    number itself. -#}
{% macro score_of_cell(number) -%}
    case questions.answer_id
        when {{ number_answer() }} then {{ reversed(number) }}
        else questions.answer_score
    end
{%- endmacro %}
