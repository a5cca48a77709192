-- One row per respondent and correlate, excluded respondents too: the kind and score of the answer.
with

cells as (
    select * from {{ ref('int_coded_cells') }}
),

correlated_columns as (
    select * from {{ ref('int_correlated_columns') }}
),

-- The themes that a respondent was asked about by a measure alone.
measured_themes as (
    select distinct
        measure_values.respondent_number,
        measured_columns.theme_id
    from {{ ref('int_measure_values') }} as measure_values
    inner join {{ ref('int_measured_columns') }} as measured_columns using (measure_number)
    where
        measured_columns.topic_id = 'all'
        and measured_columns.theme_id in (
            select correlated_columns.theme_id from correlated_columns
            where not correlated_columns.is_for_everybody
        )
),

final as (
    select
        cells.respondent_number,
        correlated_columns.correlate_number,
        cells.answer_kind,
        cells.answer_score as score
    from cells
    inner join correlated_columns using (column_number)
    where
        correlated_columns.is_for_everybody
        or (cells.respondent_number, correlated_columns.theme_id) in (select * from measured_themes)
)

select * from final
