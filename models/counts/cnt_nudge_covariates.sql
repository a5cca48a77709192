-- One row per council, wave, theme, topic, outcome, experimental arm, age band, gender and value of the outcome: how many
-- citizens have it. Missing outcomes, age bands and genders are counted too.
with

outcome_values as (
    select * rename (measure_id as outcome_id) from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and is_outcome and arm_id is not null
),

respondents as (
    select * from {{ ref('dim_respondent') }}
),

final as (
    select
        outcome_values.council_id,
        outcome_values.wave_id,
        outcome_values.theme_id,
        outcome_values.topic_id,
        outcome_values.outcome_id,
        outcome_values.arm_id,
        respondents.age_band,
        respondents.gender_score,
        outcome_values.n_positive,
        outcome_values.n_answered,
        {{ count_respondents('outcome_values.weight') }}
    from outcome_values
    inner join respondents using (respondent_key)
    group by all
)

select * from final
