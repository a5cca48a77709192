-- One row per respondent and measure asked about, excluded respondents too: n_positive of n_answered.
{#- The codebook becomes a block for each questionnaire, with a line for each number of a measure. No measure is named here. -#}
{%- set counting = blocks_of_columns(columns_of_counting_measures()) -%}
{%- set scoring = blocks_of_columns(columns_of_scoring_measures()) -%}
{%- set counts = ['n_asked', 'n_valid', 'n_positive', 'n_often'] -%}
{%- set scores = ['n_asked', 'n_valid', 'highest_score', 'score_above_minimum', 'score_range'] %}
-- depends_on: {{ ref('stg_exports') }} {{ ref('stg_questions') }} {{ ref('stg_column_codes') }} {{ ref('stg_answer_codes') }}
with

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
    where export_id in (select exports.export_id from {{ ref('int_exports') }} as exports)
),

measures as (
    select distinct
        measure_number,
        kind,
        counts_answer,
        minimum_share_answered,
        minimum_score,
        maximum_score
    from {{ ref('int_measured_columns') }}
),

{%- for export_id, block in counting.items() %}

-- Whether an answer is often is unknown on a scale that does not say so.
{{ export_id }}_answers as (
    select
        respondent_number,
        {%- for number, columns in block.lines.items() %}
        {{ number_of(columns, 'is_asked') }} as n_asked_{{ number }},
        {{ number_of(columns, 'is_valid' if columns[0].counts_answer == 'positive' else 'says_whether_often') }} as n_valid_{{ number }},
        {{ number_of(columns, 'is_positive') }} as n_positive_{{ number }},
        {{ number_of(columns, 'is_often') }} as n_often_{{ number }}{{ ',' if not loop.last }}
        {%- endfor %}
    from coded_exports
    where export_id in ({{ block.export_ids }})
),
{%- endfor %}

{%- for export_id, block in scoring.items() %}

-- A valid answer without a score, such as "another way", has no mean.
{{ export_id }}_scores as (
    select
        respondent_number,
        {%- for number, columns in block.lines.items() %}
        {{ number_of(columns, 'is_asked') }} as n_asked_{{ number }},
        {{ sum_over_scores(columns, 'cast({score} is not null as smallint)') }} as n_valid_{{ number }},
        {{ highest_score_of(columns) }} as highest_score_{{ number }},
        {{ sum_over_scores(columns, 'coalesce(({score} - {minimum}) * {units}, 0)') }} as score_above_minimum_{{ number }},
        {{ sum_over_scores(columns, 'case when {score} is null then 0 else ({maximum} - {minimum}) * {units} end') }} as score_range_{{ number }}{{ ',' if not loop.last }}
        {%- endfor %}
    from coded_exports
    where export_id in ({{ block.export_ids }})
),
{%- endfor %}

counted as (
    {%- for export_id, block in counting.items() %}
    {{ one_row_per_line(export_id ~ '_answers', 'measure_number', block.lines, counts) }}
    union all
    {%- endfor %}
    select
        respondent_number,
        cast(null as smallint) as measure_number,
        cast(null as smallint) as n_asked,
        cast(null as smallint) as n_valid,
        cast(null as smallint) as n_positive,
        cast(null as smallint) as n_often
    from coded_exports
    where false
),

scored as (
    {%- for export_id, block in scoring.items() %}
    {{ one_row_per_line(export_id ~ '_scores', 'measure_number', block.lines, scores) }}
    union all
    {%- endfor %}
    select
        respondent_number,
        cast(null as smallint) as measure_number,
        cast(null as double) as n_asked,
        cast(null as double) as n_valid,
        cast(null as double) as highest_score,
        cast(null as double) as score_above_minimum,
        cast(null as double) as score_range
    from coded_exports
    where false
),

valued as (
    select
        respondent_number,
        measure_number,
        counted.n_valid > 0 and counted.n_valid >= counted.n_asked * measures.minimum_share_answered as has_value,
        case
            when measures.counts_answer = 'positive' then counted.n_positive
            when measures.counts_answer = 'often' then counted.n_often
            when measures.kind = 'share_of_items' then counted.n_positive - counted.n_often
            -- Somebody who did one of the items often did not do them only sometimes.
            when counted.n_often = 0 then counted.n_positive
            else 0
        end as n_counted,
        measures.kind = 'share_of_items' as is_share,
        counted.n_valid
    from counted
    inner join measures using (measure_number)
    where counted.n_asked > 0
),

final as (
    select
        respondent_number,
        measure_number,
        case
            when not has_value then null
            when is_share then cast(n_counted as bigint)
            else cast(n_counted > 0 as bigint)
        end as n_positive,
        case
            when not has_value then null
            when is_share then cast(n_valid as bigint)
            else 1
        end as n_answered
    from valued
    union all
    select
        respondent_number,
        measure_number,
        case
            when scored.n_valid = 0 or scored.n_valid < scored.n_asked * measures.minimum_share_answered then null
            when measures.kind = 'at_least' then cast(scored.highest_score >= measures.minimum_score as bigint)
            when measures.kind = 'net_score'
                then cast(scored.highest_score >= measures.minimum_score as bigint) + cast(scored.highest_score > measures.maximum_score as bigint)
            else cast(scored.score_above_minimum as bigint)
        end as n_positive,
        case
            when scored.n_valid = 0 or scored.n_valid < scored.n_asked * measures.minimum_share_answered then null
            when measures.kind = 'at_least' then 1
            when measures.kind = 'net_score' then 2
            else cast(scored.score_range as bigint)
        end as n_answered
    from scored
    inner join measures using (measure_number)
    where scored.n_asked > 0
)

select * from final
