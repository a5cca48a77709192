-- One row per export and column that the codebook does not claim: listed and counted, never read further. Those that look
-- like personal data are not even loaded.
-- depends_on: {{ ref('stg_exports') }} {{ ref('stg_questions') }}
{%- for export_id in listed_exports() %}
-- depends_on: {{ export_relation(export_id) }}
{%- endfor %}
with

exports as (
    select * from {{ ref('stg_exports') }}
),

questions as (
    select * from {{ ref('stg_questions') }}
),

columns_in_files as (
    {%- for export in included_exports() %}
    {%- for column in columns_of(export_relation(export.export_id)) %}
    select
        '{{ export.export_id }}' as export_id,
        '{{ column | replace("'", "''") }}' as column_name,
        count(*) as n_cells,
        cast(null as varchar) as looks_like,
        true as is_loaded
    from {{ export_relation(export.export_id) }}
    union all
    {%- endfor %}
    {%- for column, looks_like in columns_not_loaded(export.export_id).items() %}
    select
        '{{ export.export_id }}' as export_id,
        '{{ column | replace("'", "''") }}' as column_name,
        count(*) as n_cells,
        '{{ looks_like }}' as looks_like,
        false as is_loaded
    from {{ export_relation(export.export_id) }}
    union all
    {%- endfor %}
    {%- endfor %}
    select
        cast(null as varchar) as export_id,
        cast(null as varchar) as column_name,
        cast(null as bigint) as n_cells,
        cast(null as varchar) as looks_like,
        cast(null as boolean) as is_loaded
    where false
),

final as (
    select columns_in_files.*
    from columns_in_files
    left join exports
        on
            columns_in_files.export_id = exports.export_id
            and columns_in_files.column_name = exports.respondent_column
    left join questions
        on
            columns_in_files.export_id = questions.export_id
            and columns_in_files.column_name = questions.column_name
    where exports.export_id is null and questions.export_id is null
)

select * from final
