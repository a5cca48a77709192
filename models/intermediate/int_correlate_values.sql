-- One row per respondent and correlate, excluded respondents too: the kind and score of the answer.
{{ config(materialized='view') }}
with

cells as (
    select * from {{ ref('int_correlate_cells') }}
),

questions as (
    select * from {{ ref('stg_column_codes') }}
),

final as (
    select
        cells.respondent_number,
        cells.correlate_number,
        questions.answer_kind,
        {{ score_of_cell('cast(cells.unlisted_label as double)') }} as score
    from cells
    inner join questions using (column_number, answer_id)
)

select * from final
