-- One row per claimed column of an export: what it asks, on which scale, and its place in the coded export.
with

exports as (
    select * from {{ ref('stg_exports') }}
),

-- A question that claims one option of a column has the name column:option.
questions as (
    select
        * exclude (export_id, column_name),
        export_id as questionnaire_id,
        column_name as source_column,
        column_name || coalesce(':' || option, '') as column_name
    from {{ ref('questions') }}
),

constructs as (
    select * from {{ ref('constructs') }}
),

scales as (
    select * from {{ ref('scales') }}
),

-- Scores with decimals are counted in millionths, so that sums of scores are whole numbers.
score_units as (
    select
        scale_id,
        case
            when bool_or(scales.kind = 'decimal' or answers.answer_score % 1 <> 0 or scales.minimum % 1 <> 0)
                then 1000000
            else 1
        end as score_units
    from scales
    left join {{ ref('answers') }} as answers using (scale_id)
    group by scale_id
),

final as (
    select
        export_id,
        questions.column_name,
        questions.source_column,
        -- Ordered by name, not by row of the codebook, because sorting the codebook must not change a result.
        row_number() over (partition by export_id order by questions.column_name) as question_position,
        cast(row_number() over (order by export_id, questions.column_name) as integer) as column_number,
        construct_id,
        constructs.role as construct_role,
        questions.theme_id,
        questions.topic_id,
        scale_id,
        scales.kind as scale_kind,
        scales.minimum as scale_minimum,
        scales.maximum as scale_maximum,
        score_units.score_units,
        coalesce(questions.is_reversed, false) as is_reversed,
        coalesce(questions.is_primary, true) as is_primary,
        questions.question_text,
        questions.asked_when_column,
        questions.asked_when_answers,
        questions.option,
        questions.separator,
        questions.number_format
    from questions
    inner join exports using (questionnaire_id)
    inner join constructs using (construct_id)
    inner join scales using (scale_id)
    inner join score_units using (scale_id)
)

select * from final
