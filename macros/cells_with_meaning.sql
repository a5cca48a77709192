{#- The cells of a relation (respondent_number, column_number, answer_id, unlisted_label) with what the codebook says about their
    columns and codes. -#}
{% macro cells_with_meaning(cells) -%}
    select
        cells.respondent_number,
        cells.unlisted_label,
        questions.* exclude (is_reversed, answer_label, answer_score),
        coalesce(cells.unlisted_label, questions.answer_label) as answer_label,
        {{ score_of_cell('cast(cells.unlisted_label as double)') }} as answer_score
    from {{ cells }} as cells
    inner join {{ ref('stg_column_codes') }} as questions using (column_number, answer_id)
{%- endmacro %}
