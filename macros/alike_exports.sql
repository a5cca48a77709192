{#- Exports with the same questions are read by the same SQL, so that a model costs what the questionnaires cost: a CASE for each
    column of five hundred files takes DuckDB minutes to plan, whatever few people have answered. -#}


{#- For each export of this build the first one with the same questions, as a subquery. What the check has recognised in a
    file is a part of its questions. -#}
{% macro first_alike() -%}
    (
        select
            export_id,
            min(export_id) over (partition by asked) as first_export_id
        from (
            select
                export_id,
                list(
                    (
                        column_name, source_column, construct_id, theme_id, topic_id, scale_id, is_reversed, is_primary,
                        asked_when_column, asked_when_answers, option, separator,
                        coalesce(questions.number_format, recognised.number_format)
                    )
                    order by question_position
                ) as asked
            from {{ ref('stg_questions') }} as questions
            left join {{ recognised_formats() }} as recognised using (export_id, column_name)
            group by export_id
        )
    )
{%- endmacro %}


{#- The formats of numbers that the check has recognised, by export and column, as a subquery. -#}
{% macro recognised_formats() -%}
    (select unnest(number_formats, recursive := true) from {{ checked_exports() }})
{%- endmacro %}


{#- The exports of this build in lists of those with the same questions, by the first of each list. -#}
{% macro alike_exports() %}
    {%- set lists = {} -%}
    {%- for export in included_exports() -%}
        {%- do lists.setdefault(export.first_alike, []).append(export) -%}
    {%- endfor -%}
    {{ return(lists) }}
{% endmacro %}


{#- The cells of exports that are alike, with the names that coding_rules() gives them. Without columns, the rows alone. -#}
{% macro cells_of(exports, columns) -%}
    {%- set cells = {} -%}
    {%- for column in columns -%}
        {%- do cells.update({column.source: column.source_name}) -%}
        {%- if column.asked_when_column -%}{%- do cells.update({column.asked_when_column: column.asked_when_name}) -%}{%- endif -%}
    {%- endfor -%}
    {%- for export in exports -%}
    select
        {{ quoted_text(export.export_id) }} as export_id,
        {{ "nullif(trim(" ~ export_column(export.respondent_column) ~ "), '')" if export.respondent_column else "cast(null as varchar)" }} as respondent_id
        {%- for cell, name in cells.items() %},
        {{ export_column(name) }} as {{ cell }}
        {%- endfor %}
    from {{ export_rows(export) }}
    {%- if not loop.last %}
    union all
    {% endif -%}
    {%- endfor -%}
{%- endmacro %}
