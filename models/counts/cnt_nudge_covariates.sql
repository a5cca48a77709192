-- One row per council, wave, theme, topic, outcome, experimental arm, age band, gender and value of the outcome: how many
-- citizens have it. Missing outcomes, age bands and genders are counted too.
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
        respondents.age_band,
        respondents.gender_score,
        included_outcomes.outcome_set_number,
        {{ count_respondents('weights.weight_counted') }}
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
        counted.age_band,
        counted.gender_score,
        outcome_sets.n_positive,
        outcome_sets.n_answered,
        {{ add_up_respondents() }}
    from counted
    inner join outcome_sets using (outcome_set_number)
    group by all
)

select * from final
