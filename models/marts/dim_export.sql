-- One row per export in this build: one file of one council, wave and respondent role.
with

exports as (
    select * from {{ ref('int_exports') }}
),

final as (
    select
        export_id,
        council_id,
        wave_id,
        respondent_role,
        provenance,
        fieldwork_year,
        notes
    from exports
)

select * from final
