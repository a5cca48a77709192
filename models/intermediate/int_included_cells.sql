-- One row per claimed column of a respondent who takes part: what the facts are built from.
{{ config(materialized='view') }}
with

answers as (
    select * from {{ ref('int_coded_cells') }}
),

respondents as (
    select * from {{ ref('int_respondents') }}
    where not is_excluded
),

weights as (
    select * from {{ ref('int_weights') }}
),

final as (
    select
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        respondents.arm_id,
        weights.weight_counted as weight,
        answers.*
    from answers
    inner join respondents on answers.respondent_key = respondents.respondent_key
    left join weights on answers.respondent_key = weights.respondent_key
)

select * from final
