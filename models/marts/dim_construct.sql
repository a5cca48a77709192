-- One row per construct: what a question can measure.
with

constructs as (
    select * from {{ ref('constructs') }}
),

questions as (
    select * from {{ ref('dim_question') }}
),

final as (
    select
        constructs.construct_id,
        constructs.construct_name as construct_label,
        constructs.role as construct_role,
        constructs.description
    from constructs
    where constructs.construct_id in (select questions.construct_id from questions)
)

select * from final
