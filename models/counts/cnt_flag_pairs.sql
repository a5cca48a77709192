-- One row per council, wave, theme, outcome, two flags and whether the respondent is excluded: how many citizens have
-- exactly one of the two flags.
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
        '{{ flag_id }}' as flag_id
    from respondents
    where is_{{ flag_id }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

flag_ids as (
    select unnest({{ var('respondent_flags') }}) as flag_id
),

-- Each flag of a respondent with each flag that the respondent does not have.
apart as (
    select
        flags.respondent_number,
        flags.flag_id,
        other_flags.flag_id as other_flag_id
    from flags
    cross join flag_ids as other_flags
    anti join flags as own
        on flags.respondent_number = own.respondent_number and other_flags.flag_id = own.flag_id
),

both_ways as (
    select * from apart
    union all
    select
        respondent_number,
        other_flag_id as flag_id,
        flag_id as other_flag_id
    from apart
),

final as (
    select
        outcome_values.council_id,
        outcome_values.wave_id,
        outcome_values.theme_id,
        outcome_values.outcome_id,
        both_ways.flag_id,
        both_ways.other_flag_id,
        outcome_values.is_excluded,
        count(*) as n_respondents
    from outcome_values
    inner join both_ways using (respondent_number)
    group by all
)

select * from final
