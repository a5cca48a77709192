-- One row per question of a survey and answer that its scale lists: the answers that have 0 respondents if nobody gave them.
{{ config(materialized='view') }}
with

questions as (
    select * from {{ ref('int_questions') }}
),

answer_codes as (
    select * from {{ ref('stg_answer_codes') }}
),

final as (
    select distinct
        questions.question_number,
        answer_codes.answer_kind,
        case
            when answer_codes.answer_kind = 'valid' and questions.has_answers
                then coalesce(answer_codes.answer_name, answer_codes.answer_label)
        end as answer_name,
        answer_codes.answer_score as score,
        'all' as breakdown_id,
        'all' as breakdown_value,
        0 as n_weighted,
        0 as n_respondents
    from questions
    inner join answer_codes using (scale_id)
    where
        answer_codes.answer_kind in ('dont_know', 'refused')
        or (answer_codes.answer_kind = 'valid' and questions.has_answers)
)

select * from final
