-- Every cell of the coded exports is in answer_profile with the same kind.
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
    from {{ ref('int_coded_cells') }}
    group by all
)

select * from coded
except all
select * from profile
