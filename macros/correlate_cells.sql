{#- The cells of the correlates of some respondents, in numbers: kept columns, correlate_number, column_number, answer_id and
    unlisted_label. `rows` has respondent_number, export_id, answer_ids and unlisted_labels of the coded exports. A model joins what it
    counts by to these rows first: joining it to the cells, of which there are some thirty times as many, takes as long as counting. -#}
{% macro correlate_cells(rows, kept) -%}
    {{ cells_of_correlates(rows, kept, 'where correlates.is_for_everybody') }}
    union all
    select
        {%- for column in kept %}
        cells.{{ column }},
        {%- endfor %}
        cells.correlate_number,
        cells.column_number,
        cells.answer_id,
        cells.unlisted_label
    from ({{ cells_of_correlates(rows, kept, 'where not correlates.is_for_everybody') }}) as cells
    inner join {{ ref('int_correlated_columns') }} as correlated_columns using (column_number, correlate_number)
    -- A respondent may have been asked about a theme by a measure alone.
    inner join (
        select distinct
            measure_values.respondent_number,
            measured_columns.theme_id
        from {{ ref('int_measure_values') }} as measure_values
        inner join {{ ref('int_measured_columns') }} as measured_columns using (measure_number)
        where
            measured_columns.topic_id = 'all'
            and measured_columns.theme_id in (
                select columns_of_some.theme_id from {{ ref('int_correlated_columns') }} as columns_of_some
                where not columns_of_some.is_for_everybody
            )
    ) as measured_themes using (respondent_number, theme_id)
{%- endmacro %}


{#- The cells of those correlates that meet a condition. -#}
{% macro cells_of_correlates(rows, kept, condition) -%}
    select
        {%- for column in kept %}
        coded_rows.{{ column }},
        {%- endfor %}
        unnest(correlates.correlate_numbers) as correlate_number,
        unnest(correlates.column_numbers) as column_number,
        unnest(list_select(coded_rows.answer_ids, correlates.positions)) as answer_id,
        unnest(list_select(coded_rows.unlisted_labels, correlates.positions)) as unlisted_label
    from {{ rows }} as coded_rows
    inner join (
        -- The correlates of an export, in one order.
        select
            questions.export_id,
            correlated_columns.is_for_everybody,
            list(correlate_number order by correlate_number, column_number) as correlate_numbers,
            list(column_number order by correlate_number, column_number) as column_numbers,
            list(questions.question_position order by correlate_number, column_number) as positions
        from {{ ref('int_correlated_columns') }} as correlated_columns
        inner join {{ ref('stg_questions') }} as questions using (column_number)
        group by questions.export_id, correlated_columns.is_for_everybody
    ) as correlates using (export_id)
    {{ condition }}
{%- endmacro %}


{#- The place of each correlate in the scores of its export, as int_correlate_scores orders them: a subquery with export_id,
    correlate_number and place_in_scores. -#}
{% macro places_of_scores() -%}
    (
        select distinct
            questions.export_id,
            correlate_number,
            dense_rank() over (partition by questions.export_id order by correlate_number) as place_in_scores
        from {{ ref('int_correlated_columns') }}
        inner join {{ ref('stg_questions') }} as questions using (column_number)
    )
{%- endmacro %}


{#- The same cells with their meaning: kept columns, theme_id, topic_id, construct_id, answer_kind and score. -#}
{% macro correlates_of(rows, kept) -%}
    select
        {%- for column in kept %}
        cells.{{ column }},
        {%- endfor %}
        correlates.theme_id,
        correlates.topic_id,
        correlates.construct_id,
        questions.answer_kind,
        {{ score_of_cell('cast(cells.unlisted_label as double)') }} as score
    from ({{ correlate_cells(rows, kept) }}) as cells
    inner join {{ ref('stg_column_codes') }} as questions using (column_number, answer_id)
    inner join (
        select distinct
            correlate_number,
            theme_id,
            topic_id,
            construct_id
        from {{ ref('int_correlated_columns') }}
    ) as correlates using (correlate_number)
{%- endmacro %}
