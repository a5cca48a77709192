-- One row per export, claimed column and label exactly as printed: how many cells hold it, and how it is coded.
{%- set rules = coding_rules() -%}
{%- set exports = included_exports() %}
-- depends_on: {{ ref('stg_exports') }} {{ ref('stg_questions') }} {{ ref('stg_answer_codes') }}
{%- for export_id in listed_exports() %}
-- depends_on: {{ export_relation(export_id) }}
{%- endfor %}
with

questions as (
    select * from {{ ref('stg_questions') }}
),

answer_codes as (
    select * from {{ ref('stg_answer_codes') }}
),

{%- for export in exports %}
{%- set columns = rules.get(export.export_id, {}) %}
{%- if columns %}

{{ export.export_id }}_labels as (
    select
        '{{ export.export_id }}' as export_id,
        unnest([{% for name in columns %}{{ quoted_text(name) }}{{ ', ' if not loop.last }}{% endfor %}]) as column_name,
        unnest([{% for name in columns %}{{ export_column(name) }}{{ ', ' if not loop.last }}{% endfor %}]) as answer_label
    from {{ export_relation(export.export_id) }} as export_rows
),
{%- endif %}
{%- endfor %}

labels as (  -- noqa: LT02
    {%- for export in exports if rules.get(export.export_id) %}
    select * from {{ export.export_id }}_labels
    union all
    {%- endfor %}
    select
        cast(null as varchar) as export_id,
        cast(null as varchar) as column_name,
        cast(null as varchar) as answer_label
    where false
),

counted as (
    select
        export_id,
        column_name,
        answer_label,
        {{ normalise_label('answer_label') }} as normalised_label,
        count(*) as n_answers
    from labels
    group by all
),

final as (
    select
        export_id,
        column_name,
        counted.answer_label,
        case
            when normalised_label = '' then 'blank'
            when answer_codes.answer_id is not null then answer_codes.answer_kind
            when {{ is_number_in_range('normalised_label', 'scale_kind', 'scale_minimum', 'scale_maximum') }} then 'valid'
            else 'uncoded'
        end as answer_kind,
        answer_codes.answer_name,
        counted.n_answers
    from counted
    inner join questions using (export_id, column_name)
    left join answer_codes using (scale_id, normalised_label)
)

select * from final
