-- One row per claimed column of an export: the question that was asked.
with

questions as (
    select * from {{ ref('stg_questions') }}
),

exports as (
    select * from {{ ref('int_exports') }}
),

final as (
    select
        export_id,
        questions.column_name,
        exports.council_id,
        exports.wave_id,
        questions.construct_id,
        questions.theme_id,
        questions.topic_id,
        questions.scale_id,
        questions.is_reversed,
        questions.is_primary,
        questions.question_text
    from questions
    inner join exports using (export_id)
)

select * from final
