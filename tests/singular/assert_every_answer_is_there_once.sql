-- Every respondent has each claimed column of the export once in fct_answer: as many rows, with the same sums of their numbers
-- and of the squares of these.
with

questions as (
    select
        export_id,
        column_name,
        column_number
    from {{ ref('stg_questions') }}
),

respondents as (
    select distinct
        respondent_key,
        export_id
    from {{ ref('int_respondents') }}
),

expected as (
    select
        respondents.respondent_key,
        count(*) as n_columns,
        sum(questions.column_number) as sum_of_numbers,
        sum(questions.column_number * questions.column_number) as sum_of_squares
    from respondents
    inner join questions using (export_id)
    group by respondents.respondent_key
),

found as (
    select
        answers.respondent_key,
        count(*) as n_columns,
        sum(questions.column_number) as sum_of_numbers,
        sum(questions.column_number * questions.column_number) as sum_of_squares
    from {{ ref('fct_answer') }} as answers
    left join questions using (export_id, column_name)
    group by answers.respondent_key
)

select
    respondent_key,
    expected.n_columns as n_expected,
    found.n_columns as n_found
from expected
full join found using (respondent_key)
where
    found.n_columns is distinct from expected.n_columns
    or found.sum_of_numbers is distinct from expected.sum_of_numbers
    or found.sum_of_squares is distinct from expected.sum_of_squares
