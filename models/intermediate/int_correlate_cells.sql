-- One row per respondent and correlate, excluded respondents too: the code of the answer. A view, because taking the codes
-- out of the coded exports costs less than storing them again.
{{ config(materialized='view') }}
with

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
    where export_id in (select exports.export_id from {{ ref('int_exports') }} as exports)
),

final as (
    {{ correlate_cells('coded_exports', ['respondent_number']) }}
)

select * from final
