-- One row per respondent and claimed column: the answer, its kind, its score and its meaning. This model is a view,
-- because the coded exports store the same information in a tenth of the space.
{{ config(materialized='view') }}
with

cells as (
    select * from {{ ref('int_cells') }}
),

questions as (
    select * from {{ ref('stg_column_codes') }}
),

final as (
    select
        cells.respondent_number,
        cells.unlisted_label,
        questions.* exclude (is_reversed, answer_label, answer_score),
        coalesce(cells.unlisted_label, questions.answer_label) as answer_label,
        {{ score_of_cell('cast(cells.unlisted_label as double)') }} as answer_score
    from cells
    inner join questions using (column_number, answer_id)
)

select * from final
