-- One row per respondent and correlate, excluded respondents too: the code of the answer. A view, because taking the codes
-- out of the coded exports costs less than storing them again.
{{ config(materialized='view') }}
with

coded_exports as (
    select coded.* from {{ ref('stg_coded_exports') }} as coded
    inner join {{ ref('int_exports') }} as exports using (export_id)
),

final as (
    {{ correlate_cells('coded_exports', ['respondent_number']) }}
)

select * from final
