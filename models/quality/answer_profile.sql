-- One row per export, claimed column and label exactly as printed: how often it stands there, and how it is coded.
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

answers as (
    select * from {{ ref('stg_answer_codes') }}
),

{%- for export in exports %}
{%- set columns = quoted_columns(rules.get(export.export_id, {})) %}
{%- if columns %}

{{ export.export_id }}_labels as (
    select
        '{{ export.export_id }}' as export_id,
        column_name,
        answer_label
    from (select {{ columns }} from {{ export_relation(export.export_id) }})
    unpivot include nulls (answer_label for column_name in ({{ columns }}))
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
        counted.export_id,
        counted.column_name,
        counted.answer_label,
        case
            when counted.normalised_label = '' then 'blank'
            when answers.answer_id is not null then answers.answer_kind
            when
                questions.scale_kind in ('integer', 'decimal')
                and regexp_full_match(counted.normalised_label, '-?[0-9]+([.][0-9]+)?')
                and try_cast(counted.normalised_label as double)
                between coalesce(questions.scale_minimum, cast('-infinity' as double))
                and coalesce(questions.scale_maximum, cast('infinity' as double))
                and (
                    questions.scale_kind = 'decimal'
                    or try_cast(counted.normalised_label as double) % 1 = 0
                )
                then 'valid'
            else 'uncoded'
        end as answer_kind,
        answers.answer_name,
        counted.n_answers
    from counted
    inner join questions
        on
            counted.export_id = questions.export_id
            and counted.column_name = questions.column_name
    left join answers
        on
            questions.scale_id = answers.scale_id
            and counted.normalised_label = answers.normalised_label
)

select * from final
