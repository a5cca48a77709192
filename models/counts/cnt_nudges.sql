-- One row per council, wave, theme, topic, outcome, experimental arm and value of the outcome: how many citizens have
-- it. Missing outcomes are counted too.
with

respondents as (
    select * from {{ ref('int_respondents') }}
    where respondent_role = 'citizen' and arm_id is not null
),

weights as (
    select * from {{ ref('int_weights') }}
),

included_outcomes as (
    select
        respondent_number,
        unnest(outcome_set_numbers) as outcome_set_number
    from {{ ref('int_included_outcomes') }}
),

outcome_sets as (
    select * from {{ ref('int_outcome_sets') }}
),

counted as (
    select
        respondents.council_id,
        respondents.wave_id,
        respondents.arm_id,
        included_outcomes.outcome_set_number,
        count(*) filter (where weights.weight_counted > 0) as n_weighted,
        {{ count_respondents('weights.weight_counted') }},
        {{ sum_of_fourth_powers('weights.weight_counted') }}
    from included_outcomes
    inner join respondents using (respondent_number)
    left join weights using (respondent_number)
    group by all
),

final as (
    select
        counted.council_id,
        counted.wave_id,
        outcome_sets.theme_id,
        outcome_sets.topic_id,
        outcome_sets.outcome_id,
        counted.arm_id,
        outcome_sets.n_positive,
        outcome_sets.n_answered,
        cast(sum(counted.n_weighted) as bigint) as n_weighted,
        {{ add_up_respondents() }},
        sum(counted.sum_weight_fourth) as sum_weight_fourth
    from counted
    inner join outcome_sets using (outcome_set_number)
    group by all
)

select * from final
