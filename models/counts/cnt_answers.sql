-- One row per council, wave, theme, topic, respondent role, construct, column, scale, answer, breakdown and margin cell:
-- how many respondents gave the answer. An answer of the scale that nobody gave has one row with 0 respondents.
with

cells as (
    select * from {{ ref('int_cells') }}
),

column_codes as (
    select * from {{ ref('stg_column_codes') }}
),

questions as (
    select * from {{ ref('int_questions') }}
),

groups as (
    select * from {{ ref('int_group_sets') }}
),

included as (
    select * from {{ ref('int_included_groups') }}
),

listed as (
    select * from {{ ref('int_listed_answers') }}
),

-- Cells are many, so they are counted by numbers before anything says what the numbers mean.
codes as (
    select
        column_number,
        cells.answer_id,
        cells.unlisted_label,
        included.group_set_number,
        count(*) filter (where included.weight > 0) as n_weighted,
        {{ count_respondents('included.weight') }},
        {{ sum_of_fourth_powers('included.weight') }}
    from cells
    inner join included using (respondent_number)
    where column_number in (select questions.column_number from questions)
    group by all
),

-- What a code means is looked up before its groups: DuckDB would otherwise join each code with all groups.
named as (
    select
        questions.question_number,
        questions.construct_id,
        column_codes.answer_kind,
        case
            when column_codes.answer_kind = 'valid' and questions.has_answers
                then coalesce(column_codes.answer_name, codes.unlisted_label, column_codes.answer_label)
        end as answer_name,
        -- The score on the scale as printed: reversing a reversed score turns it round again.
        case answer_id
            when {{ number_answer() }} then cast(codes.unlisted_label as double)
            else {{ reversed('column_codes.answer_score') }}
        end as score,
        codes.group_set_number,
        sum(codes.n_weighted) as n_weighted,
        {{ add_up_respondents('codes') }},
        sum(codes.sum_weight_fourth) as sum_weight_fourth
    from codes
    inner join column_codes using (column_number, answer_id)
    inner join questions using (column_number)
    group by all
),

-- A breakdown by the question itself says nothing.
counted as (
    select
        named.question_number,
        named.answer_kind,
        named.answer_name,
        named.score,
        groups.breakdown_id,
        groups.breakdown_value,
        groups.margin_cell,
        groups.n_margin_cell,
        cast(sum(named.n_weighted) as bigint) as n_weighted,
        {{ add_up_respondents('named') }},
        sum(named.sum_weight_fourth) as sum_weight_fourth
    from named
    inner join groups using (group_set_number)
    where named.construct_id is distinct from groups.breakdown_construct_id
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
