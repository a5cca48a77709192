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

-- Groups and codes have numbers, because respondents are counted by several million of them.
group_numbers as (
    select
        row_number() over () as group_number,
        *
    from (select distinct breakdown_id, breakdown_value, breakdown_construct_id from groups)
),

numbered_groups as (
    select
        groups.respondent_number,
        group_numbers.group_number,
        raked_weights.margin_cell,
        raked_weights.n_margin_cell
    from groups
    inner join group_numbers using (breakdown_id, breakdown_value)
    left join raked_weights using (respondent_key)
),

codes as (
    select
        column_number,
        cells.answer_id,
        cells.unlisted_label,
        numbered_groups.group_number,
        numbered_groups.margin_cell,
        numbered_groups.n_margin_cell,
        -- The code decides these three.
        any_value(cells.answer_kind) as answer_kind,
        any_value(coalesce(cells.answer_name, cells.answer_label)) as answer_name,
        any_value(cells.answer_score) as answer_score,
        count(*) filter (where cells.weight > 0) as n_weighted,
        {{ count_respondents('cells.weight') }},
        {{ sum_of_fourth_powers('cells.weight') }}
    from cells
    inner join numbered_groups using (respondent_number)
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
        group_numbers.breakdown_id,
        group_numbers.breakdown_value,
        codes.margin_cell,
        codes.n_margin_cell,
        cast(sum(codes.n_weighted) as bigint) as n_weighted,
        cast(sum(codes.n_respondents) as bigint) as n_respondents,
        sum(codes.sum_weight) as sum_weight,
        sum(codes.sum_weight_squared) as sum_weight_squared,
        sum(codes.sum_weight_fourth) as sum_weight_fourth
    from codes
    inner join questions using (column_number)
    inner join group_numbers using (group_number)
    where questions.construct_id is distinct from group_numbers.breakdown_construct_id
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
