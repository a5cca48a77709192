-- One row per council, wave, experimental arm and combination of outcomes in all themes (a profile): how many citizens
-- have it.
with

outcome_values as (
    select * rename (measure_id as outcome_id) from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and is_outcome and arm_id is not null
),

named as (
    select
        respondent_key,
        council_id,
        wave_id,
        arm_id,
        weight,
        theme_id || '/' || topic_id || '/' || outcome_id || '=' || n_positive || '/' || n_answered as outcome
    from outcome_values
),

profiles as (
    select
        respondent_key,
        council_id,
        wave_id,
        arm_id,
        weight,
        -- Missing outcomes are left out; a citizen without any outcome has an empty profile.
        coalesce(string_agg(outcome, ';' order by outcome), '') as outcomes
    from named
    group by respondent_key, council_id, wave_id, arm_id, weight
),

final as (
    select
        council_id,
        wave_id,
        arm_id,
        outcomes,
        {{ count_respondents() }}
    from profiles
    group by council_id, wave_id, arm_id, outcomes
)

select * from final
