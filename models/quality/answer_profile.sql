-- One row per export, claimed column and label exactly as printed: how many cells hold it, and how it is coded.
{%- set rules = coding_rules() -%}
{%- set lists = alike_exports() %}
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

{%- for first, exports in lists.items() if rules.get(first) %}
{%- set claimed = rules[first].values() | list %}

{{ first }}_cells as (
    {{ cells_of(exports, claimed) }}
),

{{ first }}_labels as (
    select
        export_id,
        unnest([{% for column in claimed %}{{ quoted_text(column.name) }}{{ ', ' if not loop.last }}{% endfor %}]) as column_name,
        unnest([{% for column in claimed %}{{ option_label(column) if column.option else export_column(column.source) }}{{ ', ' if not loop.last }}{% endfor %}]) as answer_label,
        unnest(cast([{% for column in claimed %}{{ cell_label(column) if column.number_format or has_blank_labels(column) else 'null' }}{{ ', ' if not loop.last }}{% endfor %}] as varchar[])) as number_label,
        unnest(cast([{% for column in claimed %}{{ was_asked(column) if column.asked else 'null' }}{{ ', ' if not loop.last }}{% endfor %}] as boolean[])) as was_asked
    from {{ first }}_cells as export_rows
),
{%- endfor %}

labels as (  -- noqa: LT02
    {%- for first in lists if rules.get(first) %}
    select * from {{ first }}_labels
    union all
    {%- endfor %}
    select
        cast(null as varchar) as export_id,
        cast(null as varchar) as column_name,
        cast(null as varchar) as answer_label,
        cast(null as varchar) as number_label,
        cast(null as boolean) as was_asked
    where false
),

-- Cells are many, so they are counted as printed before each spelling is normalised once.
printed as (
    select
        *,
        count(*) as n_answers
    from labels
    group by all
),

counted as (
    select
        *,
        -- An answer to a question that was not put to the respondent counts as none.
        case when was_asked = false then '' else coalesce(number_label, {{ normalise_label('answer_label') }}) end as normalised_label
    from printed
),

any_answers as (
    select
        scale_id,
        answer_kind,
        answer_name
    from answer_codes
    where normalised_label = '{{ any_answer() }}'
),

final as (
    select
        export_id,
        column_name,
        counted.answer_label,
        normalised_label as coded_label,
        case
            when counted.was_asked = false then 'not_asked'
            when normalised_label = '' and answer_codes.answer_kind = 'valid' and counted.was_asked is null then 'blank'
            when answer_codes.answer_id is not null then answer_codes.answer_kind
            when normalised_label = '' then 'blank'
            when {{ is_number_in_range('normalised_label', 'scale_kind', 'scale_minimum', 'scale_maximum') }} then 'valid'
            else coalesce(any_answers.answer_kind, 'uncoded')
        end as answer_kind,
        -- A blank cell has the name of its answer, such as "Not ticked", only where it is one.
        case
            when normalised_label <> '' or counted.was_asked then coalesce(answer_codes.answer_name, any_answers.answer_name)
        end as answer_name,
        cast(sum(counted.n_answers) as bigint) as n_answers
    from counted
    inner join questions using (export_id, column_name)
    left join answer_codes using (scale_id, normalised_label)
    left join any_answers using (scale_id)
    group by all
)

select * from final
