-- One row per respondent, theme and topic, excluded respondents too: the outcomes and the counts behind them.
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

weights as (
    select * from {{ ref('int_weights') }}
),

cells as (
    select
        respondent_key,
        theme_id,
        unnest(list_distinct([topic_id, 'all'])) as topic_id,
        construct_id,
        construct_id = 'individual_activity' as is_activity,
        construct_id = 'group_participation' as is_group,
        answer_kind,
        answer_score,
        is_positive,
        is_often
    from {{ ref('int_coded_cells') }}
    where construct_role = 'outcome'
),

counted as (
    select
        respondent_key,
        theme_id,
        topic_id,
        bool_or(is_activity or is_group) as has_participation_question,
        count(*) filter (where is_activity and answer_kind <> 'not_asked') as n_activities_asked,
        count(*) filter (where is_activity and answer_kind = 'valid') as n_activities_answered,
        count(*) filter (where is_activity and answer_kind = 'valid' and is_positive) as n_activities_positive,
        count(*) filter (where is_activity and answer_kind = 'valid' and is_often) as n_activities_often,
        count(*) filter (where is_activity and answer_kind = 'dont_know') as n_activities_dont_know,
        min(answer_score) filter (where is_activity) = max(answer_score) filter (where is_activity) as has_one_score,
        {{ outcome_from_answers('group_participation') }} as collective_participation,
        {{ outcome_from_answers('group_participation', 'is_often') }} as collective_often,
        max(answer_score) filter (where is_group) as collective_score,
        count(*) filter (where is_group and answer_kind = 'dont_know') as n_collective_dont_know,
        {{ outcome_from_answers('time_willing') }} as willing_monthly,
        {{ outcome_from_answers('time_current') }} as currently_monthly,
        {{ outcome_from_answers('time_extra') }} as extra_monthly
    from cells
    group by all
),

indexed as (
    select
        * exclude (has_one_score),
        -- At least four activities, because equal answers to fewer activities are often honest.
        n_activities_asked >= 4 and n_activities_answered = n_activities_asked
        and coalesce(has_one_score, false) as is_straight_line,
        -- The rule "half answered": with fewer answers the index would depend on who answers, not on who acts.
        case
            when n_activities_answered > 0 and 2 * n_activities_answered >= n_activities_asked
                then n_activities_positive / n_activities_answered
        end as individual_index
    from counted
),

final as (
    select
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        respondents.arm_id,
        weights.weight_counted as weight,
        respondents.is_duplicate,
        respondents.is_excluded,
        indexed.*
    from indexed
    inner join respondents using (respondent_key)
    left join weights using (respondent_key)
)

select * from final
