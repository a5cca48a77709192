-- One row per export that passed the gate: its answers follow the rules of the codebook and no cell is lost. By default
-- the tests of these two conditions stop the build; with `when_an_export_is_refused: leave_out` they only warn, and
-- this model drops the export.
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
    inner join reconciliation using (export_id)
    where
        reconciliation.is_balanced
        and exports.export_id not in (select broken_rules.export_id from broken_rules)
)

select * from final
