-- One row per respondent and claimed column, excluded respondents too: the coded answer. A view on the coded exports.
{{ config(materialized='view') }}
with

cells as (
    select * from {{ ref('int_coded_cells') }}
),

respondents as (
    select * from {{ ref('int_respondents') }}
),

final as (
    select
        respondents.respondent_key,
        cells.export_id,
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        cells.column_name,
        cells.construct_id,
        cells.theme_id,
        cells.topic_id,
        cells.answer_label,
        cells.answer_name,
        cells.answer_kind,
        cells.answer_score,
        cells.is_positive,
        cells.is_often
    from cells
    inner join respondents using (respondent_number)
)

select * from final
