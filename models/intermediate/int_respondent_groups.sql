-- One row per respondent and breakdown in which the respondent has a group, and one row for `all`.
{{ config(materialized='view') }}
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

characteristics as (
    select * from {{ ref('int_characteristics') }}
),

breakdowns as (
    select * from {{ ref('stg_breakdowns') }}
),

groups as (
    select
        respondent_number,
        respondent_key,
        'all' as breakdown_id,
        'all' as breakdown_value,
        cast(null as varchar) as breakdown_construct_id
    from respondents
    union all
    select
        respondent_number,
        respondents.respondent_key,
        breakdowns.breakdown_id,
        coalesce(breakdowns.breakdown_value, characteristics.characteristic_label) as breakdown_value,
        breakdowns.construct_id as breakdown_construct_id
    from characteristics
    inner join respondents using (respondent_number)
    inner join breakdowns
        on
            characteristics.construct_id = breakdowns.construct_id
            and (breakdowns.answer_score is null or characteristics.score = breakdowns.answer_score)
),

final as (
    select * from groups
    where breakdown_value is not null
)

select * from final
