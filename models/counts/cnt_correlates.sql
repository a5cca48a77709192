-- One row per council, wave, theme, correlate (topic, construct), outcome, value of the outcome and answer to the
-- correlate: how many citizens have this combination. Missing answers are counted too.
with

respondents as (
    select
        *,
        dense_rank() over (order by council_id, wave_id) as survey_number
    from {{ ref('int_included_groups') }}
    where respondent_role = 'citizen'
),

surveys as (
    select distinct
        survey_number,
        council_id,
        wave_id
    from respondents
),

correlates as (
    select distinct
        correlate_number,
        theme_id,
        topic_id,
        construct_id
    from {{ ref('int_correlated_columns') }}
),

outcome_sets as (
    select * from {{ ref('int_outcome_sets') }}
    where topic_id = 'all'
),

themes as (
    select * from {{ numbered_themes() }} as numbered
),

coded_respondents as (
    select
        coded.respondent_number,
        coded.export_id,
        coded.answer_ids,
        coded.unlisted_labels,
        outcomes.outcome_set_numbers,
        respondents.survey_number,
        respondents.weight
    from {{ ref('stg_coded_exports') }} as coded
    inner join {{ ref('int_included_outcomes') }} as outcomes using (respondent_number)
    inner join respondents using (respondent_number)
),

correlate_cells as (
    {{ correlate_cells('coded_respondents', ['respondent_number', 'outcome_set_numbers', 'survey_number', 'weight']) }}
),

counted as (
    select
        cells.survey_number,
        list_extract(cells.outcome_set_numbers, themes.theme_number) as outcome_set_number,
        cells.correlate_number,
        cells.column_number,
        cells.answer_id,
        case when cells.answer_id = {{ number_answer() }} then cells.unlisted_label end as number_label,
        count(*) filter (where cells.weight > 0) as n_weighted,
        {{ count_respondents('cells.weight') }},
        {{ sum_of_fourth_powers('cells.weight') }}
    from correlate_cells as cells
    inner join correlates using (correlate_number)
    inner join themes using (theme_id)
    group by all
),

final as (
    select
        surveys.council_id,
        surveys.wave_id,
        correlates.theme_id,
        correlates.topic_id,
        correlates.construct_id,
        outcome_sets.outcome_id,
        outcome_sets.n_positive,
        outcome_sets.n_answered,
        questions.answer_kind,
        {{ score_of_cell('cast(counted.number_label as double)') }} as score,
        cast(sum(counted.n_weighted) as bigint) as n_weighted,
        {{ add_up_respondents() }},
        sum(counted.sum_weight_fourth) as sum_weight_fourth
    from counted
    inner join surveys using (survey_number)
    inner join correlates using (correlate_number)
    inner join {{ ref('stg_column_codes') }} as questions using (column_number, answer_id)
    inner join outcome_sets
        on counted.outcome_set_number = outcome_sets.outcome_set_number and correlates.theme_id = outcome_sets.theme_id
    where outcome_sets.construct_id <> correlates.construct_id
    group by all
)

select * from final
