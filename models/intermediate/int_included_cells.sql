-- One row per included respondent and claimed column: the coded cell, with the survey, the arm and the weight.
{{ config(materialized='view') }}
with

cells as (
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
        cells.*
    from cells
    inner join respondents using (respondent_number)
    left join weights using (respondent_number)
)

select * from final
