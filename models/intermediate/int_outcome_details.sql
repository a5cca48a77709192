-- One row per citizen and theme, excluded duplicates too: everything in their answers that another rule for the outcomes
-- could turn on.
with

answers as (
    select * from {{ ref('int_coded_cells') }}
    where construct_id in ('individual_activity', 'group_participation')
),

respondents as (
    select * from {{ ref('int_respondents') }}
    where respondent_role = 'citizen'
),

counted as (
    select
        respondent_key,
        theme_id,
        count(*) filter (
            where construct_id = 'individual_activity' and answer_kind <> 'not_asked'
        ) as n_asked,
        count(*) filter (
            where construct_id = 'individual_activity' and answer_kind = 'valid'
        ) as n_answered,
        count(*) filter (
            where construct_id = 'individual_activity' and answer_kind = 'valid' and is_positive
        ) as n_positive,
        count(*) filter (
            where construct_id = 'individual_activity' and answer_kind = 'valid' and is_often
        ) as n_often,
        count(*) filter (
            where construct_id = 'individual_activity' and answer_kind = 'dont_know'
        ) as n_dont_know,
        min(answer_score) filter (where construct_id = 'individual_activity') as lowest_score,
        max(answer_score) filter (where construct_id = 'individual_activity') as highest_score,
        {{ outcome_from_answers('group_participation') }} as collective_participation,
        {{ outcome_from_answers('group_participation', 'is_often') }} as collective_often,
        max(answer_score) filter (where construct_id = 'group_participation') as collective_score,
        count(*) filter (
            where construct_id = 'group_participation' and answer_kind = 'dont_know'
        ) as n_collective_dont_know
    from answers
    group by all
),

final as (
    select
        counted.respondent_key,
        respondents.council_id,
        respondents.wave_id,
        counted.theme_id,
        respondents.weight,
        respondents.is_duplicate,
        respondents.is_excluded,
        counted.n_asked,
        counted.n_answered,
        counted.n_positive,
        counted.n_often,
        counted.n_dont_know,
        -- Four items or more, all answered alike: with fewer, an honest answer looks the same.
        counted.n_asked >= 4
        and counted.n_answered = counted.n_asked
        and coalesce(counted.lowest_score = counted.highest_score, false) as is_straight_line,
        counted.collective_participation,
        counted.collective_often,
        counted.collective_score,
        cast(counted.n_collective_dont_know > 0 as integer) as collective_dont_know
    from counted
    inner join respondents on counted.respondent_key = respondents.respondent_key
)

select * from final
