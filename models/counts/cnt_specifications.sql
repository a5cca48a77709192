-- One row per council, wave, theme, correlate (topic, construct), answers on which a rule for the outcomes depends, and
-- answer to the correlate: how many citizens have this combination, excluded duplicates too.
with

outcomes as (
    select * from {{ ref('int_outcomes') }}
    where respondent_role = 'citizen' and has_participation_question and topic_id = 'all'
),

correlates as (
    select * from {{ ref('int_correlates') }}
),

final as (
    select
        outcomes.council_id,
        outcomes.wave_id,
        theme_id,
        correlates.topic_id,
        correlates.construct_id,
        outcomes.is_duplicate,
        outcomes.is_excluded,
        outcomes.is_straight_line,
        outcomes.n_activities_asked as n_asked,
        outcomes.n_activities_answered as n_answered,
        outcomes.n_activities_positive as n_positive,
        outcomes.n_activities_often as n_often,
        outcomes.n_activities_dont_know as n_dont_know,
        outcomes.collective_participation,
        outcomes.collective_often,
        outcomes.collective_score,
        cast(outcomes.n_collective_dont_know > 0 as integer) as collective_dont_know,
        correlates.answer_kind,
        correlates.score,
        {{ count_respondents('outcomes.weight') }}
    from outcomes
    inner join correlates using (respondent_number, theme_id)
    group by all
)

select * from final
