-- One row per respondent and claimed column: the answer, its kind, its score and its meaning. This model is a view,
-- because the coded exports store the same information in a tenth of the space.
{{ config(materialized='view') }}
with

cells as (
    select * from {{ ref('int_cells') }}
),

questions as (
    select * from {{ ref('stg_questions') }}
),

answer_codes as (
    select * from {{ ref('stg_answer_codes') }}
),

final as (
    select
        cells.respondent_number,
        cells.respondent_key,
        column_number,
        answer_id,
        cells.unlisted_label,
        questions.export_id,
        questions.column_name,
        questions.construct_id,
        questions.construct_role,
        questions.theme_id,
        questions.topic_id,
        questions.scale_id,
        questions.scale_minimum,
        questions.scale_maximum,
        questions.score_units,
        questions.is_primary,
        coalesce(cells.unlisted_label, answer_codes.answer_label) as answer_label,
        answer_codes.answer_name,
        case answer_id
            when {{ blank_answer() }} then 'blank'
            when {{ uncoded_answer() }} then 'uncoded'
            when {{ number_answer() }} then 'valid'
            when {{ not_asked_answer() }} then 'not_asked'
            when {{ unexpected_answer() }} then 'not_asked'
            else answer_codes.answer_kind
        end as answer_kind,
        case
            when answer_id = {{ number_answer() }} then {{ reversed('cast(cells.unlisted_label as double)') }}
            when answer_codes.answer_kind = 'valid' then {{ reversed('answer_codes.answer_score') }}
        end as answer_score,
        answer_codes.is_positive,
        answer_codes.is_often
    from cells
    inner join questions using (column_number)
    left join answer_codes using (answer_id)
)

select * from final
