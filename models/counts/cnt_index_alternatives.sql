-- One row per council, wave, theme, topic and combination of what an index can be built from: activities asked, answered,
-- done, done often and not known, and the same of taking part in groups. How many citizens have it.
with

outcome_answers as (
    select * from {{ ref('int_included_cells') }}
    where respondent_role = 'citizen' and construct_id in ('individual_activity', 'group_participation')
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
        theme_id,
        topic_id,
        weight,
        count(*) filter (where construct_id = 'individual_activity' and answer_kind <> 'not_asked') as n_asked,
        count(*) filter (where construct_id = 'individual_activity' and answer_kind = 'valid') as n_answered,
        count(*) filter (where construct_id = 'individual_activity' and answer_kind = 'valid' and is_positive) as n_positive,
        count(*) filter (where construct_id = 'individual_activity' and answer_kind = 'valid' and is_often) as n_often,
        count(*) filter (where construct_id = 'individual_activity' and answer_kind = 'dont_know') as n_dont_know,
        {{ outcome_from_answers('group_participation') }} as collective_participation,
        {{ outcome_from_answers('group_participation', 'is_often') }} as collective_often,
        count(*) filter (where construct_id = 'group_participation' and answer_kind = 'dont_know') as collective_dont_know
    from answers_by_topic
    group by all
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        n_asked,
        n_answered,
        n_positive,
        n_often,
        n_dont_know,
        collective_participation,
        collective_often,
        collective_dont_know,
        {{ count_respondents() }}
    from counted
    group by all
)

select * from final
