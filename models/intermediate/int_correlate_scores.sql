-- One row per respondent, excluded respondents too: the scores of the answers to all correlates of the export, in the order of
-- correlate_number. A view, because the codes say the same in a quarter of the space.
{{ config(materialized='view') }}
{#- The codebook becomes a block for each questionnaire, with a line for each correlate. No correlate is named here. -#}
{%- set blocks = blocks_of_columns(columns_of_correlates()) %}
-- depends_on: {{ ref('stg_exports') }} {{ ref('stg_questions') }} {{ ref('stg_column_codes') }} {{ ref('stg_answer_codes') }}
-- depends_on: {{ ref('int_correlated_columns') }}
with

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
    where export_id in (select exports.export_id from {{ ref('int_exports') }} as exports)
),

{%- for export_id, block in blocks.items() %}

{{ export_id }}_scores as (
    select
        respondent_number,
        export_id,
        [
            {%- for columns in block.lines.values() %}
            {{ score_or_missing(columns[0]) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ] as scores
    from coded_exports
    where export_id in ({{ block.export_ids }})
),
{%- endfor %}

final as (
    {%- for export_id in blocks %}
    select * from {{ export_id }}_scores
    union all
    {%- endfor %}
    select
        respondent_number,
        export_id,
        cast(null as double[]) as scores
    from coded_exports
    where false
)

select * from final
