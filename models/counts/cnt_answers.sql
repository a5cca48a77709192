-- One row per council, wave, theme, topic, respondent role, construct, column, scale, answer, breakdown and margin cell:
-- how many respondents gave the answer. An answer of the scale that nobody gave has one row with 0 respondents.
with

cells as (
    select * from {{ ref('int_included_cells') }}
),

questions as (
    select * from {{ ref('int_questions') }}
),

groups as (
    select * from {{ ref('int_respondent_groups') }}
),

raked_weights as (
    select * from {{ ref('int_raked_weights') }}
    where weight_raked is not null
),

answers as (
    select
        questions.question_number,
        questions.construct_id,
        cells.respondent_key,
        cells.weight,
        cells.answer_kind,
        case
            when cells.answer_kind = 'valid' and questions.has_answers
                then coalesce(cells.answer_name, cells.answer_label)
        end as answer_name,
        -- Reversing a reversed score gives the score on the scale as printed.
        {{ reversed('cells.answer_score') }} as score
    from cells
    inner join questions using (export_id, column_name)
),

-- A breakdown by the question itself says nothing.
counted as (
    select
        answers.question_number,
        answers.answer_kind,
        answers.answer_name,
        answers.score,
        groups.breakdown_id,
        groups.breakdown_value,
        raked_weights.margin_cell,
        raked_weights.n_margin_cell,
        count(*) filter (where answers.weight > 0) as n_weighted,
        {{ count_respondents('answers.weight') }},
        {{ sum_of_fourth_powers('answers.weight') }}
    from answers
    inner join groups using (respondent_key)
    left join raked_weights using (respondent_key)
    where answers.construct_id is distinct from groups.breakdown_construct_id
    group by all
),

listed as (
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
    inner join {{ ref('stg_answer_codes') }} as answer_codes using (scale_id)
    where
        answer_codes.answer_kind in ('dont_know', 'refused')
        or (answer_codes.answer_kind = 'valid' and questions.has_answers)
),

-- Nobody gave these: without a row, an answer would be missing in the results instead of having 0 per cent.
not_given as (
    select listed.*
    from listed
    anti join counted
        on
            listed.question_number = counted.question_number
            and listed.answer_kind = counted.answer_kind
            and listed.answer_name is not distinct from counted.answer_name
),

answer_counts as (
    select * from counted
    union all by name
    select * from not_given
),

-- All rows of a question agree in the columns that are taken from them.
survey_questions as (
    select distinct on (question_number) * from questions
),

final as (
    select
        survey_questions.council_id,
        survey_questions.wave_id,
        survey_questions.theme_id,
        survey_questions.topic_id,
        survey_questions.respondent_role,
        survey_questions.construct_id,
        survey_questions.column_name,
        survey_questions.scale_id,
        survey_questions.scale_kind,
        survey_questions.scale_minimum,
        survey_questions.scale_maximum,
        answer_counts.* exclude (question_number)
    from answer_counts
    inner join survey_questions using (question_number)
)

select * from final
