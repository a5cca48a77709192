-- Every respondent has each claimed column of the export once in fct_answer: as many rows, with the same sum of numbers.
with

questions as (
    select
        export_id,
        count(*) as n_columns,
        sum(column_number) as sum_of_numbers
    from {{ ref('stg_questions') }}
    group by export_id
),

answers as (
    select
        respondent_number,
        cells.export_id,
        count(*) as n_columns,
        sum(cells.column_number) as sum_of_numbers
    from {{ ref('int_coded_cells') }} as cells
    inner join {{ ref('int_respondents') }} using (respondent_number)
    group by respondent_number, cells.export_id
),

respondents as (
    select
        respondent_number,
        export_id
    from {{ ref('int_respondents') }}
)

select
    respondent_number,
    respondents.export_id,
    answers.n_columns
from respondents
inner join questions using (export_id)
full join answers using (respondent_number)
where
    answers.n_columns is distinct from questions.n_columns
    or answers.sum_of_numbers is distinct from questions.sum_of_numbers
    or answers.export_id is distinct from respondents.export_id
