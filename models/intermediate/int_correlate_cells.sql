-- One row per respondent and correlate, excluded respondents too: the code of the answer. A view, because taking the codes
-- out of the coded exports costs less than storing them again.
{{ config(materialized='view') }}
with

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
),

exports as (
    select * from {{ ref('int_exports') }}
),

questions as (
    select * from {{ ref('stg_questions') }}
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

-- The correlates of an export, in one order.
correlates as (
    select
        questions.export_id,
        is_for_everybody,
        list(correlate_number order by correlate_number, column_number) as correlate_numbers,
        list(column_number order by correlate_number, column_number) as column_numbers,
        list(questions.question_position order by correlate_number, column_number) as positions
    from correlated_columns
    inner join questions using (column_number)
    group by questions.export_id, is_for_everybody
),

cells as (
    select
        coded_exports.respondent_number,
        correlates.is_for_everybody,
        unnest(correlates.correlate_numbers) as correlate_number,
        unnest(correlates.column_numbers) as column_number,
        unnest(list_select(coded_exports.answer_ids, correlates.positions)) as answer_id,
        unnest(list_select(coded_exports.unlisted_labels, correlates.positions)) as unlisted_label
    from coded_exports
    inner join exports using (export_id)
    inner join correlates using (export_id)
),

final as (
    select * exclude (is_for_everybody) from cells
    where is_for_everybody
    union all
    select cells.* exclude (is_for_everybody)
    from cells
    inner join correlated_columns using (column_number, correlate_number)
    inner join measured_themes using (respondent_number, theme_id)
    where not cells.is_for_everybody
)

select * from final
