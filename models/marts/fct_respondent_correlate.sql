-- One row per included respondent, theme, topic and construct: the answer with which the outcomes are correlated.
{{ config(materialized='view') }}
with

correlates as (
    select * from {{ ref('int_correlates') }}
),

respondents as (
    select * from {{ ref('int_respondents') }}
    where not is_excluded
),

final as (
    select
        respondents.respondent_key,
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        correlates.theme_id,
        correlates.topic_id,
        correlates.construct_id,
        correlates.answer_kind,
        correlates.score
    from correlates
    inner join respondents using (respondent_number)
)

select * from final
