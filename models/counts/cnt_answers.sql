-- One row per council, wave, theme, topic, respondent role, construct, column, scale, answer, breakdown and margin cell:
-- how many respondents gave the answer. An answer of the scale that nobody gave has one row with 0 respondents.
with

cells as (
    select * from {{ ref('int_coded_cells') }}
),

questions as (
    select * from {{ ref('int_questions') }}
),

groups as (
    select * from {{ ref('int_groups') }}
),

respondent_groups as (
    select * from {{ ref('int_included_groups') }}
),

listed as (
    select * from {{ ref('int_listed_answers') }}
),

codes as (
    select
        column_number,
        cells.answer_id,
        cells.unlisted_label,
        respondent_groups.group_number,
        respondent_groups.margin_cell,
        respondent_groups.n_margin_cell,
        -- The column, the code and the label decide these three.
        any_value(cells.answer_kind) as answer_kind,
        any_value(coalesce(cells.answer_name, cells.answer_label)) as answer_name,
        any_value(cells.answer_score) as answer_score,
        count(*) filter (where respondent_groups.weight > 0) as n_weighted,
        {{ count_respondents('respondent_groups.weight') }},
        {{ sum_of_fourth_powers('respondent_groups.weight') }}
    from cells
    inner join respondent_groups using (respondent_number)
    where column_number in (select questions.column_number from questions)
    group by all
),

-- A breakdown by the question itself says nothing.
counted as (
    select
        questions.question_number,
        codes.answer_kind,
        case when codes.answer_kind = 'valid' and questions.has_answers then codes.answer_name end as answer_name,
        -- Reversing a reversed score gives the score on the scale as printed.
        {{ reversed('codes.answer_score') }} as score,
        groups.breakdown_id,
        groups.breakdown_value,
        codes.margin_cell,
        codes.n_margin_cell,
        cast(sum(codes.n_weighted) as bigint) as n_weighted,
        cast(sum(codes.n_respondents) as bigint) as n_respondents,
        sum(codes.sum_weight) as sum_weight,
        sum(codes.sum_weight_squared) as sum_weight_squared,
        sum(codes.sum_weight_fourth) as sum_weight_fourth
    from codes
    inner join questions using (column_number)
    inner join groups using (group_number)
    where questions.construct_id is distinct from groups.breakdown_construct_id
    group by all
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
