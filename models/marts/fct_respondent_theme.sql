-- One row per included respondent, theme and topic: topic `all`, and each topic with its own outcome question.
{{ config(materialized='view') }}
with

outcomes as (
    select * from {{ ref('int_outcomes') }}
),

final as (
    select
        respondent_key,
        council_id,
        wave_id,
        respondent_role,
        theme_id,
        topic_id,
        arm_id,
        weight,
        n_activities_asked,
        n_activities_answered,
        n_activities_positive,
        individual_index,
        collective_participation,
        collective_often,
        collective_score,
        willing_monthly,
        currently_monthly,
        extra_monthly
    from outcomes
    where not is_excluded
)

select * from final
