-- One row per respondent with questions about outcomes, correlates or the time taken: signs of careless answers. These
-- signs are counted; a respondent is excluded for one only if `excluded_flags` lists it.
{#- The codebook becomes a block for each questionnaire, with a line for each number of a scale. No scale is named here. -#}
{%- set blocks = blocks_of_columns(columns_of_scales()) -%}
{%- set at_least = 4 %}
-- depends_on: {{ ref('stg_exports') }} {{ ref('stg_questions') }} {{ ref('stg_column_codes') }} {{ ref('stg_answer_codes') }}
with

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
    where export_id in (select exports.export_id from {{ ref('int_exports') }} as exports)
),

{%- for export_id, block in blocks.items() %}

-- The questions that a respondent answered on one scale are a battery. Equal answers to fewer than four questions can
-- be honest.
{{ export_id }}_scales as (
    select
        {%- for number, columns in block.lines.items() %}
        {{ number_of(columns, 'is_asked') }} as n_asked_{{ number }},
        {{ number_of(columns, 'is_given') }} as n_given_{{ number }},
        {%- endfor %}
        {%- for number, columns in lines_of_at_least(block.lines, at_least).items() %}
        {{ number_of(columns, 'is_valid') }} as n_valid_{{ number }},
        {{ is_all_alike(columns) }} as is_all_alike_{{ number }},
        {%- endfor %}
        respondent_number,
        export_id
    from coded_exports
    where export_id in ({{ block.export_ids }})
),

{{ export_id }}_signs as (
    select
        respondent_number,
        export_id,
        {{ sum_of_lines(block.lines, 'n_asked_{line}') }} as n_asked,
        {{ sum_of_lines(block.lines, 'n_given_{line}') }} as n_given,
        {{ sum_of_lines(lines_of_at_least(block.lines, at_least), 'cast(n_valid_{line} >= ' ~ at_least ~ ' as smallint)') }} as n_batteries,
        {{ sum_of_lines(lines_of_at_least(block.lines, at_least), 'cast(n_valid_{line} >= ' ~ at_least ~ ' and is_all_alike_{line} as smallint)') }} as n_all_alike
    from {{ export_id }}_scales
),
{%- endfor %}

signs as (
    {%- for export_id in blocks %}
    select * from {{ export_id }}_signs
    union all
    {%- endfor %}
    select
        respondent_number,
        export_id,
        cast(null as integer) as n_asked,
        cast(null as integer) as n_given,
        cast(null as integer) as n_batteries,
        cast(null as integer) as n_all_alike
    from coded_exports
    where false
),

durations as (
    select
        respondent_number,
        max(answer_score) as duration
    from {{ ref('int_person_cells') }}
    where construct_id = 'duration' and answer_kind = 'valid'
    group by respondent_number
),

final as (
    select
        respondent_number,
        -- Somebody who is never active honestly answers "never" to a whole battery, so one battery is not enough.
        signs.n_batteries >= 2 and signs.n_all_alike = signs.n_batteries as is_straight_liner,
        coalesce(
            durations.duration < {{ var('speeder_below') }} * median(durations.duration) over (partition by signs.export_id),
            false
        ) as is_speeder,
        signs.n_given < {{ var('mostly_blank_below') }} * signs.n_asked as is_mostly_blank
    from signs
    left join durations using (respondent_number)
)

select * from final
