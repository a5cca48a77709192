-- One row per council, wave, theme, outcome, value of the outcome, flag, whether it is raised and whether the respondent
-- is excluded: how many citizens, among those who take part or have the flag.
with

outcomes as (
    select * from {{ ref('int_outcome_details') }}
),

respondents as (
    select * from {{ ref('int_respondents') }}
),

outcome_values as (
    select
        *,
        'individual_index' as outcome_id,
        n_positive as n_yes,
        n_answered as n_items
    from outcomes
    where n_answered > 0 and 2 * n_answered >= n_asked
    union all
    select
        *,
        'collective_participation' as outcome_id,
        collective_participation as n_yes,
        1 as n_items
    from outcomes
    where collective_participation is not null
),

flags as (
    {%- for flag_id in var('respondent_flags') %}
    select
        respondent_key,
        '{{ flag_id }}' as flag_id,
        is_{{ flag_id }} as is_flagged,
        is_excluded
    from respondents
    where is_{{ flag_id }} or not is_excluded
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        outcome_values.council_id,
        outcome_values.wave_id,
        outcome_values.theme_id,
        outcome_values.outcome_id,
        outcome_values.n_yes as n_positive,
        outcome_values.n_items as n_answered,
        flags.flag_id,
        flags.is_flagged,
        flags.is_excluded,
        count(*) as n_respondents
    from outcome_values
    inner join flags using (respondent_key)
    group by all
)

select * from final
