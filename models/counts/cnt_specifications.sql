-- One row per council, wave, theme, correlate (topic, construct), answers on which a rule for the outcomes depends, and
-- answer to the correlate: how many citizens have this combination, excluded duplicates too.
{%- set rules = [
    'is_duplicate', 'is_excluded', 'is_straight_line', 'n_asked', 'n_answered', 'n_positive', 'n_often', 'n_dont_know',
    'collective_participation', 'collective_often', 'collective_score', 'collective_dont_know'
] %}
with

correlates as (
    select distinct
        correlate_number,
        theme_id,
        topic_id,
        construct_id
    from {{ ref('int_correlated_columns') }}
),

surveys as (
    select * from {{ numbered_surveys() }} as numbered
),

themes as (
    select * from {{ numbered_themes() }} as numbered
),

-- Numbers alone, because there are many rows.
outcomes as (
    select
        outcomes.respondent_number,
        themes.theme_number,
        surveys.survey_number,
        outcomes.is_duplicate,
        outcomes.is_excluded,
        outcomes.is_straight_line,
        outcomes.n_activities_asked as n_asked,
        outcomes.n_activities_answered as n_answered,
        outcomes.n_activities_positive as n_positive,
        outcomes.n_activities_often as n_often,
        outcomes.n_activities_dont_know as n_dont_know,
        outcomes.collective_participation,
        outcomes.collective_often,
        outcomes.collective_score,
        cast(outcomes.n_collective_dont_know > 0 as integer) as collective_dont_know,
        outcomes.weight
    from {{ ref('int_outcomes') }} as outcomes
    inner join surveys using (council_id, wave_id)
    inner join themes using (theme_id)
    where outcomes.respondent_role = 'citizen' and outcomes.has_participation_question and outcomes.topic_id = 'all'
),

counted as (
    select
        outcomes.survey_number,
        {%- for rule in rules %}
        outcomes.{{ rule }},
        {%- endfor %}
        cells.correlate_number,
        cells.column_number,
        cells.answer_id,
        case when cells.answer_id = {{ number_answer() }} then cells.unlisted_label end as number_label,
        {{ count_respondents('outcomes.weight') }}
    from {{ ref('int_correlate_cells') }} as cells
    inner join correlates using (correlate_number)
    inner join themes using (theme_id)
    inner join outcomes using (respondent_number, theme_number)
    group by all
),

final as (
    select
        surveys.council_id,
        surveys.wave_id,
        correlates.theme_id,
        correlates.topic_id,
        correlates.construct_id,
        {%- for rule in rules %}
        counted.{{ rule }},
        {%- endfor %}
        questions.answer_kind,
        {{ score_of_cell('cast(counted.number_label as double)') }} as score,
        {{ add_up_respondents() }}
    from counted
    inner join surveys using (survey_number)
    inner join correlates using (correlate_number)
    inner join {{ ref('stg_column_codes') }} as questions using (column_number, answer_id)
    group by all
)

select * from final
