-- One row per data row of an export: its claimed cells coded to numbers, in the order of stg_questions.
{#- The codebook becomes one CASE per column, for all exports with the same questions; no council and no question is named here. -#}
{%- set rules, lists = coding_rules(), alike_exports() %}
-- depends_on: {{ ref('stg_exports') }} {{ ref('stg_questions') }} {{ ref('stg_answer_codes') }}
{%- for export_id in listed_exports() %}
-- depends_on: {{ export_relation(export_id) }}
{%- endfor %}
with

{%- for first, exports in lists.items() %}
{%- set columns = rules.get(first, {}).values() %}
{{ first }}_cells as (
    {{ cells_of(exports, columns) }}
),

{{ first }}_labels as (
    select
        export_id,
        respondent_id
        {%- for column in columns %},
        {{ cell_label(column) }} as {{ column.alias }}
        {%- endfor %}
        {%- for name, rule in asked_rules(columns).items() %},
        {{ rule }} as {{ name }}
        {%- endfor %}
    from {{ first }}_cells as export_rows
),

{{ first }}_answers as (
    select
        export_id,
        respondent_id
        {%- for column in columns %},
        {{ column.alias }},
        cast({{ answer_code(column) }} as smallint) as {{ column.code }}
        {%- endfor %}
    from {{ first }}_labels
),

-- Most rows have no text that is not listed, and a list of nulls would take more space than the codes.
{{ first }}_codes as (
    select
        export_id,
        respondent_id,
        cast([{{ columns | map(attribute='code') | join(', ') }}] as smallint[]) as answer_ids,
        case
            when {{ may_have_unlisted_labels(columns) }} then cast([
                {%- for column in columns %}
                {{ unlisted_label(column) }}{{ ',' if not loop.last }}
                {%- endfor %}
            ] as varchar[])
        end as unlisted_labels
    from {{ first }}_answers
),
{%- endfor %}

codes as (
    {%- for first in lists %}
    select * from {{ first }}_codes
    union all
    {%- endfor %}
    select
        cast(null as varchar) as export_id,
        cast(null as varchar) as respondent_id,
        cast(null as smallint[]) as answer_ids,
        cast(null as varchar[]) as unlisted_labels
    where false
),

-- Few ids are shared by several rows, and only the answers of these rows are compared.
shared_ids as (
    select
        export_id,
        respondent_id
    from codes
    group by export_id, respondent_id
    having count(*) > 1
),

numbered as (
    select
        codes.export_id,
        codes.respondent_id,
        1 as occurrence,
        codes.answer_ids,
        codes.unlisted_labels
    from codes
    anti join shared_ids
        on codes.export_id = shared_ids.export_id and codes.respondent_id is not distinct from shared_ids.respondent_id
    union all
    select
        codes.export_id,
        codes.respondent_id,
        -- Ordered by answers, not by place in the file, because the order of rows must not change a key.
        row_number() over (partition by codes.export_id, codes.respondent_id order by codes.answer_ids, codes.unlisted_labels) as occurrence,
        codes.answer_ids,
        codes.unlisted_labels
    from codes
    inner join shared_ids
        on codes.export_id = shared_ids.export_id and codes.respondent_id is not distinct from shared_ids.respondent_id
),

keyed as (
    select
        export_id || ':' || coalesce(respondent_id, '') || ':' || occurrence as respondent_key,
        *
    from numbered
),

final as (
    select
        respondent_key,
        -- Joins by a number are faster than by the key. It depends on the key alone, so models built apart agree. DuckDB's
        -- hash() gives survey_7_staff:7:1 and survey_9_staff:9:1 one number.
        md5_number_lower(respondent_key) as respondent_number,
        * exclude (respondent_key)
    from keyed
)

select * from final
