-- One row per council, wave, experimental arm and combination of outcomes in all themes (a profile): how many citizens
-- have it.
with

respondents as (
    select * from {{ ref('int_respondents') }}
    where respondent_role = 'citizen' and arm_id is not null
),

weights as (
    select * from {{ ref('int_weights') }}
),

included_outcomes as (
    select * from {{ ref('int_included_outcomes') }}
),

-- Missing outcomes are left out, and a set may have no others.
sets_in_words as (
    select
        outcome_set_number,
        string_agg(outcome, ';' order by outcome) as outcomes
    from (
        select
            outcome_set_number,
            theme_id || '/' || topic_id || '/' || outcome_id || '=' || n_positive || '/' || n_answered as outcome
        from {{ ref('int_outcome_sets') }}
    ) as named
    group by outcome_set_number
),

profiles as (
    select
        -- Any of the citizens can name the profile.
        min(respondent_number) as profile_number,
        respondents.council_id,
        respondents.wave_id,
        respondents.arm_id,
        included_outcomes.outcome_set_numbers,
        {{ count_respondents('weights.weight_counted') }}
    from included_outcomes
    inner join respondents using (respondent_number)
    left join weights using (respondent_number)
    group by all
),

profile_sets as (
    select
        profile_number,
        unnest(outcome_set_numbers) as outcome_set_number
    from profiles
),

profiles_in_words as (
    select
        profile_sets.profile_number,
        string_agg(sets_in_words.outcomes, ';' order by profile_sets.outcome_set_number) as outcomes
    from profile_sets
    inner join sets_in_words using (outcome_set_number)
    group by profile_sets.profile_number
),

final as (
    select
        counted.council_id,
        counted.wave_id,
        counted.arm_id,
        -- A citizen without any outcome has an empty profile. Sets differ, and profiles do not, where one citizen was not asked
        -- what another one left out.
        coalesce(profiles_in_words.outcomes, '') as outcomes,
        {{ add_up_respondents() }}
    from profiles as counted
    inner join profiles_in_words using (profile_number)
    group by all
)

select * from final
