-- One row per respondent, theme and topic, excluded respondents too: the measures of the paper side by side, and the
-- counts of answers that its other definitions of the outcomes need.
{%- set yes_or_no_measures = [
    'collective_participation', 'collective_often', 'willing_monthly', 'currently_monthly', 'extra_monthly'
] %}
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

weights as (
    select * from {{ ref('int_weights') }}
),

cells as (
    select
        respondent_number,
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
        respondent_number,
        theme_id,
        topic_id,
        bool_or(is_activity or is_group) as has_participation_question,
        count(*) filter (where is_activity and answer_kind <> 'not_asked') as n_activities_asked,
        count(*) filter (where is_activity and answer_kind = 'valid') as n_activities_answered,
        count(*) filter (where is_activity and answer_kind = 'valid' and is_positive) as n_activities_positive,
        -- Null if the scale of an answer has no `often`, because the respondent could not say it.
        case
            when count(*) filter (where is_activity and answer_kind = 'valid' and is_often is null) = 0
                then count(*) filter (where is_activity and answer_kind = 'valid' and is_often)
        end as n_activities_often,
        count(*) filter (where is_activity and answer_kind = 'dont_know') as n_activities_dont_know,
        min(answer_score) filter (where is_activity) = max(answer_score) filter (where is_activity) as has_one_score,
        max(answer_score) filter (where is_group) as collective_score,
        count(*) filter (where is_group and answer_kind = 'dont_know') as n_collective_dont_know
    from cells
    group by all
),

measures as (
    select
        respondent_number,
        theme_id,
        topic_id,
        {%- for measure_id in yes_or_no_measures %}
        cast(max(n_positive) filter (where measure_id = '{{ measure_id }}') as integer) as {{ measure_id }},
        {%- endfor %}
        max(n_positive / n_answered) filter (where measure_id = 'individual_index') as individual_index
    from {{ ref('int_measures') }}
    group by all
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
        respondents.respondent_key,
        counted.* exclude (has_one_score),
        -- At least four activities, because equal answers to fewer activities are often honest.
        counted.n_activities_asked >= 4 and counted.n_activities_answered = counted.n_activities_asked
        and coalesce(counted.has_one_score, false) as is_straight_line,
        measures.* exclude (respondent_number, theme_id, topic_id)
    from counted
    inner join respondents using (respondent_number)
    left join measures using (respondent_number, theme_id, topic_id)
    left join weights using (respondent_number)
)

select * from final
