-- One row per council, wave, theme, correlate (topic, construct), whatever a rule for the outcomes can turn on, and answer
-- to the correlate: how many citizens combine them, excluded duplicates too.
with

outcomes as (
    select * from {{ ref('int_outcome_details') }}
),

correlates as (
    select
        respondent_key,
        theme_id,
        topic_id,
        construct_id,
        answer_kind,
        score
    from {{ ref('fct_respondent_correlate') }}
    where respondent_role = 'citizen'
),

correlates_of_duplicates as (
    select * from {{ ref('int_duplicate_correlates') }}
),

all_correlates as (
    select * from correlates
    union all by name
    select * from correlates_of_duplicates
),

final as (
    select
        outcomes.council_id,
        outcomes.wave_id,
        outcomes.theme_id,
        all_correlates.topic_id,
        all_correlates.construct_id,
        outcomes.is_duplicate,
        outcomes.is_excluded,
        outcomes.is_straight_line,
        outcomes.n_asked,
        outcomes.n_answered,
        outcomes.n_positive,
        outcomes.n_often,
        outcomes.n_dont_know,
        outcomes.collective_participation,
        outcomes.collective_often,
        outcomes.collective_score,
        outcomes.collective_dont_know,
        all_correlates.answer_kind,
        all_correlates.score,
        {{ count_respondents('outcomes.weight') }}
    from outcomes
    inner join all_correlates
        on
            outcomes.respondent_key = all_correlates.respondent_key
            and outcomes.theme_id = all_correlates.theme_id
    group by all
)

select * from final
