-- One row per claimed column and code that its cells may have: the question, and what the code means as its answer.
with

questions as (
    select * from {{ ref('stg_questions') }}
),

answer_codes as (
    select * from {{ ref('stg_answer_codes') }}
),

codes as (
    select
        scale_id,
        answer_id,
        answer_label,
        answer_name,
        answer_kind,
        answer_score,
        is_positive,
        is_often
    from answer_codes
    union all by name
    -- The codes of cells that no answer of a scale explains.
    select
        scales.scale_id,
        unlisted.*
    from (select distinct questions.scale_id from questions) as scales
    cross join (
        values
        ({{ blank_answer() }}, 'blank'),
        ({{ uncoded_answer() }}, 'uncoded'),
        ({{ number_answer() }}, 'valid'),
        ({{ not_asked_answer() }}, 'not_asked'),
        ({{ unexpected_answer() }}, 'not_asked')
    ) as unlisted (answer_id, answer_kind)
),

final as (
    select
        questions.column_number,
        cast(codes.answer_id as smallint) as answer_id,
        questions.export_id,
        questions.column_name,
        questions.construct_id,
        questions.construct_role,
        questions.theme_id,
        questions.topic_id,
        scale_id,
        questions.scale_minimum,
        questions.scale_maximum,
        questions.score_units,
        questions.is_reversed,
        questions.is_primary,
        codes.answer_label,
        codes.answer_name,
        codes.answer_kind,
        case when codes.answer_kind = 'valid' then {{ reversed('codes.answer_score') }} end as answer_score,
        codes.is_positive,
        codes.is_often
    from questions
    inner join codes using (scale_id)
)

select * from final
