-- One row per respondent who takes part, theme and topic: topic `all`, and each topic with an outcome question of its own.
with

outcome_answers as (
    select * from {{ ref('int_included_cells') }}
    where construct_role = 'outcome'
),

answers_by_topic as (
    select * from outcome_answers
    where topic_id <> 'all'
    union all
    select * replace ('all' as topic_id) from outcome_answers
),

counted as (
    select
        respondent_key,
        council_id,
        wave_id,
        respondent_role,
        theme_id,
        topic_id,
        arm_id,
        weight,
        count(*) filter (
            where construct_id = 'individual_activity' and answer_kind <> 'not_asked'
        ) as n_activities_asked,
        count(*) filter (
            where construct_id = 'individual_activity' and answer_kind = 'valid'
        ) as n_activities_answered,
        count(*) filter (
            where construct_id = 'individual_activity' and answer_kind = 'valid' and is_positive
        ) as n_activities_positive,
        {{ outcome_from_answers('group_participation') }} as collective_participation,
        {{ outcome_from_answers('group_participation', 'is_often') }} as collective_often,
        max(answer_score) filter (where construct_id = 'group_participation') as collective_score,
        {{ outcome_from_answers('time_willing') }} as willing_monthly,
        {{ outcome_from_answers('time_current') }} as currently_monthly,
        {{ outcome_from_answers('time_extra') }} as extra_monthly
    from answers_by_topic
    group by all
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
        -- Fewer than half answered says more about the answering than about the activities.
        case
            when n_activities_answered > 0 and 2 * n_activities_answered >= n_activities_asked
                then n_activities_positive / n_activities_answered
        end as individual_index,
        collective_participation,
        collective_often,
        collective_score,
        willing_monthly,
        currently_monthly,
        extra_monthly
    from counted
)

select * from final
