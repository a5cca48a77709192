-- One row per export in this build: listed in dbt_project.yml, described in the codebook, not switched off or left out.
with

exports as (
    select * from {{ ref('exports') }}
    where coalesce(file, export_id) in ({{ quoted_list(listed_exports()) }})
),

filters as (
    select
        export_id,
        list(
            struct_pack(column_name := column_name, label := {{ normalise_label('answer_label') }}) order by all
        ) as filters
    from {{ ref('row_filters') }}
    group by export_id
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
        duplicate_priority,
        coalesce(file, export_id) as file_id,
        coalesce(questionnaire_id, export_id) as questionnaire_id,
        filters.filters
    from exports
    left join filters using (export_id)
    where
        {{ "true" if var('include_synthetic') else "provenance <> 'synthetic'" }}
        and export_id not in ({{ quoted_list(left_out_exports()) }})
        {%- if var('only_exports') %}
        and export_id in ({{ quoted_list(var('only_exports')) }})
        {%- endif %}
)

select * from final
