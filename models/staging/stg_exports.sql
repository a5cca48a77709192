-- One row per export in this build: listed in dbt_project.yml, described in the codebook, not switched off or left out.
with

exports as (
    select * from {{ ref('exports') }}
    where export_id in ({{ quoted_list(listed_exports()) }})
),

final as (
    select
        export_id,
        council_id,
        wave_id,
        respondent_role,
        respondent_column,
        provenance,
        fieldwork_year,
        notes,
        duplicate_priority
    from exports
    where
        {{ "true" if var('include_synthetic') else "provenance <> 'synthetic'" }}
        and export_id not in ({{ quoted_list(left_out_exports()) }})
)

select * from final
