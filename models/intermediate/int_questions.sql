-- One row per export and claimed column that asks respondents something: the question of the survey to which it belongs.
{{ config(materialized='view') }}
with

questions as (
    select * from {{ ref('stg_questions') }}
    where construct_role not in ('design', 'weight', 'replicate')
),

exports as (
    select * from {{ ref('int_exports') }}
),

keyed as (
    select
        export_id,
        exports.council_id,
        exports.wave_id,
        exports.respondent_role,
        exports.provenance,
        questions.* exclude (
            export_id, source_column, asked_when_column, asked_when_answers, option, separator, number_format
        ) replace (
            coalesce(questions.theme_id, 'all') as theme_id,
            coalesce(questions.topic_id, 'all') as topic_id
        ),
        questions.scale_kind in ('ordinal', 'nominal') as has_answers
    from questions
    inner join exports using (export_id)
),

final as (
    select
        *,
        -- A web and a paper file of one wave share a question if they agree in all these columns. The scale is one of
        -- them, because answers on two scales cannot be added up.
        dense_rank() over (
            order by council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id
        ) as question_number
    from keyed
)

select * from final
