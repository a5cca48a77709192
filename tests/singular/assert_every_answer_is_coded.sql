-- Every cell of answer_profile is in the coded exports with the same kind; exports that are left out are not checked.
with

exports as (
    select * from {{ ref('int_exports') }}
),

profile as (
    select
        export_id,
        column_name,
        answer_kind,
        sum(n_answers) as n_answers
    from {{ ref('answer_profile') }}
    where export_id in (select exports.export_id from exports)
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

select * from profile
except all
select * from coded
