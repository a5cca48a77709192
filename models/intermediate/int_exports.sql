-- One row per export that passed the gate. Everything that follows stands on this model, so nothing is built from an
-- export whose answers break the codebook or whose cells do not add up.
-- By default the tests of those two stop the build before; with `when_an_export_is_refused: leave_out` they only warn, and
-- what they refuse is left out here.
with

exports as (
    select * from {{ ref('stg_exports') }}
),

reconciliation as (
    select * from {{ ref('answer_reconciliation') }}
),

broken_rules as (
    select * from {{ ref('expectation_results') }}
    where not success
),

final as (
    select exports.*
    from exports
    inner join reconciliation on exports.export_id = reconciliation.export_id
    where
        reconciliation.is_balanced
        and exports.export_id not in (select broken_rules.export_id from broken_rules)
)

select * from final
