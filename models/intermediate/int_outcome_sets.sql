-- One row per set of outcomes and outcome in it: for counts that group by the number of the set first.
with

measure_values as (
    select * from {{ ref('int_measure_values') }}
),

outcomes as (
    select distinct
        measure_number,
        theme_id,
        topic_id,
        measure_id,
        construct_id
    from {{ ref('int_measured_columns') }}
    where is_outcome
),

themes as (
    select * from {{ numbered_themes() }} as numbered
),

respondent_sets as (
    select
        respondent_number,
        unnest(range(1, len(outcome_set_numbers) + 1)) as theme_number,
        unnest(outcome_set_numbers) as outcome_set_number
    from {{ ref('int_included_outcomes') }}
),

-- All respondents of a set have the same values, so those of any of them are the values of the set.
examples as (
    select
        respondent_sets.outcome_set_number,
        themes.theme_id,
        min(respondent_sets.respondent_number) as respondent_number
    from respondent_sets
    inner join themes using (theme_number)
    where respondent_sets.outcome_set_number is not null
    group by respondent_sets.outcome_set_number, themes.theme_id
),

final as (
    select
        examples.outcome_set_number,
        theme_id,
        outcomes.topic_id,
        outcomes.measure_id as outcome_id,
        outcomes.construct_id,
        measure_values.n_positive,
        measure_values.n_answered
    from examples
    inner join measure_values using (respondent_number)
    inner join outcomes using (measure_number, theme_id)
)

select * from final
