-- One row per council, wave, theme, correlate (topic, construct), outcome of an analyst's own, value of the outcome and
-- answer to the correlate: how many citizens have this combination, excluded duplicates too.
with

own_outcomes as (
    select * rename (measure_id as outcome_id) from {{ ref('int_measures') }}
    where
        respondent_role = 'citizen' and is_outcome and topic_id = 'all'
        and measure_id not in ({{ quoted_list(outcomes_with_readings()) }})
),

people as (
    select
        respondent_number,
        is_duplicate
    from {{ ref('int_respondents') }}
),

straight_lines as (
    select
        respondent_number,
        theme_id,
        is_straight_line
    from {{ ref('int_outcomes') }}
    where topic_id = 'all'
),

-- Mostly there are no such outcomes, and then no correlate is read.
correlates as (
    select * from {{ ref('int_correlates') }}
    where theme_id in (select own_outcomes.theme_id from own_outcomes)
),

final as (
    select
        own_outcomes.council_id,
        own_outcomes.wave_id,
        theme_id,
        correlates.topic_id,
        correlates.construct_id,
        own_outcomes.outcome_id,
        people.is_duplicate,
        own_outcomes.is_excluded,
        coalesce(straight_lines.is_straight_line, false) as is_straight_line,
        own_outcomes.n_positive,
        own_outcomes.n_answered,
        correlates.answer_kind,
        correlates.score,
        {{ count_respondents('own_outcomes.weight') }}
    from own_outcomes
    inner join correlates using (respondent_number, theme_id)
    inner join people using (respondent_number)
    left join straight_lines using (respondent_number, theme_id)
    where own_outcomes.construct_id <> correlates.construct_id
    group by all
)

select * from final
