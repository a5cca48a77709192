-- One row per respondent and claimed column, excluded respondents too: the answer as coded. A view on the coded exports.
{{ config(materialized='view') }}
with

answers as (
    select * from {{ ref('int_coded_cells') }}
),

respondents as (
    select * from {{ ref('int_respondents') }}
),

final as (
    select
        answers.respondent_key,
        answers.export_id,
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        answers.column_name,
        answers.construct_id,
        answers.theme_id,
        answers.topic_id,
        answers.answer_label,
        answers.answer_name,
        answers.answer_kind,
        answers.answer_score,
        answers.is_positive,
        answers.is_often
    from answers
    inner join respondents on answers.respondent_key = respondents.respondent_key
)

select * from final
