-- One row per council, wave, theme, outcome, value of the outcome, flag, whether it is raised and whether the
-- respondent is excluded: how many citizens, among those who are not excluded or have the flag.
with

surveys as (
    select * from {{ numbered_surveys() }} as numbered
),

respondents as (
    select
        respondent_number,
        surveys.survey_number,
        {%- for flag_id in var('respondent_flags') %}
        respondents.is_{{ flag_id }},
        {%- endfor %}
        respondents.is_excluded
    from {{ ref('int_respondents') }} as respondents
    inner join surveys using (council_id, wave_id)
    where respondents.respondent_role = 'citizen'
),

outcomes as (
    select distinct
        measure_number,
        theme_id,
        measure_id
    from {{ ref('int_measured_columns') }}
    where is_outcome and topic_id = 'all'
),

-- Few combinations of flags exist, so each of them is counted, and then each flag adds up those that have it.
counted as (
    select
        measure_number,
        measure_values.n_positive,
        measure_values.n_answered,
        respondents.* exclude (respondent_number),
        count(*) as n_respondents
    from {{ ref('int_measure_values') }} as measure_values
    inner join outcomes using (measure_number)
    inner join respondents using (respondent_number)
    where measure_values.n_answered is not null
    group by all
),

flags as (
    {%- for flag_id in var('respondent_flags') %}
    select
        survey_number,
        measure_number,
        n_positive,
        n_answered,
        '{{ flag_id }}' as flag_id,
        is_{{ flag_id }} as is_flagged,
        is_excluded,
        cast(sum(n_respondents) as bigint) as n_respondents
    from counted
    where is_{{ flag_id }} or not is_excluded
    group by all
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        surveys.council_id,
        surveys.wave_id,
        outcomes.theme_id,
        outcomes.measure_id as outcome_id,
        flags.n_positive,
        flags.n_answered,
        flags.flag_id,
        flags.is_flagged,
        flags.is_excluded,
        flags.n_respondents
    from flags
    inner join surveys using (survey_number)
    inner join outcomes using (measure_number)
)

select * from final
