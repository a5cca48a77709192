-- One row per council, wave, theme, topic and combination of the numbers of activities asked, answered, done, done
-- often and answered Don't Know, and of the same answers about groups: how many citizens have it.
with

outcomes as (
    select * from {{ ref('int_outcomes') }}
    where respondent_role = 'citizen' and has_participation_question and not is_excluded
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        n_activities_asked as n_asked,
        n_activities_answered as n_answered,
        n_activities_positive as n_positive,
        n_activities_often as n_often,
        n_activities_dont_know as n_dont_know,
        collective_participation,
        collective_often,
        n_collective_dont_know as collective_dont_know,
        {{ count_respondents() }}
    from outcomes
    group by all
)

select * from final
