-- One row per council, wave, theme, topic, outcome, experimental arm and value of the outcome: how many citizens have
-- it. Missing outcomes are counted too.
with

outcome_values as (
    select * rename (measure_id as outcome_id) from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and is_outcome and arm_id is not null
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        arm_id,
        n_positive,
        n_answered,
        count(*) filter (where weight > 0) as n_weighted,
        {{ count_respondents() }},
        {{ sum_of_fourth_powers() }}
    from outcome_values
    group by all
)

select * from final
