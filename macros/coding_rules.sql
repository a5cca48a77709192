{#- The codebook as the coding model needs it: for each export its claimed columns in order, for each column its scale
    and the answers that the scale lists. Read when the model runs; unit tests put their own rows in place of
    codebook_rows(). -#}
{% macro codebook_rows() %}
    {%- if not execute or not load_relation(ref('stg_questions')) or not load_relation(ref('stg_answer_codes')) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set query -%}
        select
            questions.export_id, questions.column_name, questions.construct_id, questions.theme_id,
            questions.scale_kind, questions.scale_minimum, questions.scale_maximum,
            answers.normalised_label, answers.answer_id
        from {{ ref('stg_questions') }} as questions
        left join {{ ref('stg_answer_codes') }} as answers using (scale_id)
        order by questions.export_id, questions.question_position, answers.answer_id
    {%- endset -%}
    {{ return(run_query(query).rows) }}
{% endmacro %}


{% macro coding_rules() %}
    {%- set rules = {} -%}
    {%- for row in codebook_rows() -%}
        {%- set columns = rules.setdefault(row[0], {}) -%}
        {%- set column = columns.setdefault(row[1], {
            'name': row[1], 'construct_id': row[2], 'theme_id': row[3],
            'kind': row[4], 'minimum': row[5], 'maximum': row[6], 'answers': []
        }) -%}
        {%- if row[7] is not none -%}
            {%- do column['answers'].append({'label': row[7], 'answer_id': row[8]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(rules) }}
{% endmacro %}


{#- One cell as a number: the answer's number in stg_answer_codes, or one of the three below for what no scale lists. -#}
{% macro answer_code(column) -%}
    {%- set label = quoted_column(column.name) -%}
    {%- set minimum, maximum = 'null' if column.minimum is none else column.minimum, 'null' if column.maximum is none else column.maximum -%}
    case {{ label }}
    {%- for answer in column.answers %} when '{{ answer.label | replace("'", "''") }}' then {{ answer.answer_id }}
    {%- endfor %} when '' then {{ blank_answer() }} else
    {%- if column.kind in ['integer', 'decimal'] %} case when {{ is_number_in_range(label, "'" ~ column.kind ~ "'", minimum, maximum) }} then {{ number_answer() }} else {{ uncoded_answer() }} end
    {%- else %} {{ uncoded_answer() }}
    {%- endif %} end
{%- endmacro %}


{#- The text of a cell whose label the codebook does not list: a number, or an answer that nobody expected. -#}
{% macro unlisted_label(column) -%}
    {%- set label = quoted_column(column.name) -%}
    case when {{ label }} not in (''
    {%- for answer in column.answers %}, '{{ answer.label | replace("'", "''") }}'
    {%- endfor %}) then {{ label }} end
{%- endmacro %}


{#- Whether a normalised label is a plain number that its scale allows. A bound of null is no bound. stg_coded_exports writes
    the bounds of each column into its CASE; answer_profile joins them. So the rule stands once, and each model checks how
    the other one applies it. -#}
{% macro is_number_in_range(label, kind, minimum, maximum) -%}
    {{ kind }} in ('integer', 'decimal')
    and regexp_full_match({{ label }}, '-?[0-9]+([.][0-9]+)?')
    and try_cast({{ label }} as double) between coalesce({{ minimum }}, cast('-infinity' as double))
    and coalesce({{ maximum }}, cast('infinity' as double))
    and ({{ kind }} = 'decimal' or try_cast({{ label }} as double) % 1 = 0)
{%- endmacro %}


{#- Numbers of answers that no scale lists. Answers of the codebook count from 1. -#}
{% macro blank_answer() %}{{ return(0) }}{% endmacro %}
{% macro uncoded_answer() %}{{ return(-1) }}{% endmacro %}
{% macro number_answer() %}{{ return(-2) }}{% endmacro %}
