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

-- The outcomes of each set in words, in the order of the numbers of the sets, which count from 1. Missing outcomes are left out,
-- and a set may have no others.
sets_in_words as (
    select list(outcomes order by outcome_set_number) as outcomes
    from (
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
    ) as worded_sets
),

profiles as (
    select
        respondents.council_id,
        respondents.wave_id,
        respondents.arm_id,
        -- A theme that a citizen was not asked about has no number.
        list_filter(included_outcomes.outcome_set_numbers, lambda number: number is not null) as set_numbers,
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
        counted.arm_id,
        -- A citizen without any outcome has an empty profile. Sets differ, and profiles do not, where one citizen was not asked
        -- what another one left out.
        coalesce(array_to_string(list_select(sets_in_words.outcomes, counted.set_numbers), ';'), '') as outcomes,
        {{ add_up_respondents() }}
    from profiles as counted
    cross join sets_in_words
    group by all
)

select * from final
