-- One row per export that passed the gate. Everything that follows stands on this model, so nothing is built from an
-- export whose answers break the codebook or whose cells do not add up.
-- depends_on: {{ ref('expectation_results') }} {{ ref('answer_reconciliation') }}
with

exports as (
    select * from {{ ref('stg_exports') }}
),

reconciliation as (
    select * from {{ ref('answer_reconciliation') }}
),

final as (
    select exports.*
    from exports
    inner join reconciliation on exports.export_id = reconciliation.export_id
    where reconciliation.is_balanced
)

select * from final
