-- One row per respondent and claimed column, in numbers alone but for the text of what no scale lists. A table, because
-- DuckDB cannot know how many rows a list becomes, and then joins the smaller table to the larger one.
with

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
),

exports as (
    select * from {{ ref('int_exports') }}
),

claimed_columns as (
    select
        export_id,
        list(column_number order by question_position) as column_numbers
    from {{ ref('stg_questions') }}
    group by export_id
),

final as (
    select
        coded_exports.respondent_number,
        unnest(claimed_columns.column_numbers) as column_number,
        unnest(coded_exports.answer_ids) as answer_id,
        unnest(coded_exports.unlisted_labels) as unlisted_label
    from coded_exports
    inner join exports using (export_id)
    inner join claimed_columns using (export_id)
)

select * from final
