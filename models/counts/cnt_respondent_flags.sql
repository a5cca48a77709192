-- One row per council, wave, theme, outcome, value of the outcome, flag, whether it is raised and whether the
-- respondent is excluded: how many citizens, among those who are not excluded or have the flag.
with

outcome_values as (
    select * rename (measure_id as outcome_id) from {{ ref('int_measures') }}
    where respondent_role = 'citizen' and topic_id = 'all' and is_outcome and n_answered is not null
),

respondents as (
    select * from {{ ref('int_respondents') }}
),

flags as (
    {%- for flag_id in var('respondent_flags') %}
    select
        respondent_number,
        '{{ flag_id }}' as flag_id,
        is_{{ flag_id }} as is_flagged
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
        outcome_values.n_positive,
        outcome_values.n_answered,
        flags.flag_id,
        flags.is_flagged,
        outcome_values.is_excluded,
        count(*) as n_respondents
    from outcome_values
    inner join flags using (respondent_number)
    group by all
)

select * from final
