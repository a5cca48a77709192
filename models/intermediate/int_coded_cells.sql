-- One row per respondent and claimed column: the answer, its kind, its score and its meaning. This model is a view,
-- because the coded exports store the same information in a tenth of the space.
{{ config(materialized='view') }}
with

cells as (
    select * from {{ ref('int_cells') }}
),

final as (
    {{ cells_with_meaning('cells') }}
)

select * from final
