-- Every cell of answer_profile stands in the coded exports with the same kind.
with

profile as (
    select
        export_id,
        column_name,
        answer_kind,
        sum(n_answers) as n_answers
    from {{ ref('answer_profile') }}
    group by all
),

coded as (
    select
        export_id,
        column_name,
        answer_kind,
        count(*) as n_answers
    from {{ ref('int_answers') }}
    group by all
)

select * from profile
except all
select * from coded
