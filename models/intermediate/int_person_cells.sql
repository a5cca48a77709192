-- One row per respondent and claimed column that is no outcome and no correlate: about the person, the experiment, the weight or
-- the interview. A view like int_coded_cells, of few columns, so that it takes them out of the coded exports at once.
{{ config(materialized='view') }}
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
        list(column_number order by question_position) as column_numbers,
        list(question_position order by question_position) as positions
    from {{ ref('stg_questions') }}
    where construct_role not in ('outcome', 'correlate')
    group by export_id
),

cells as (
    select
        coded_exports.respondent_number,
        unnest(claimed_columns.column_numbers) as column_number,
        unnest(list_select(coded_exports.answer_ids, claimed_columns.positions)) as answer_id,
        unnest(list_select(coded_exports.unlisted_labels, claimed_columns.positions)) as unlisted_label
    from coded_exports
    inner join exports using (export_id)
    inner join claimed_columns using (export_id)
),

final as (
    {{ cells_with_meaning('cells') }}
)

select * from final
