{#- The codebook for the coding model: for each export its claimed columns in order, for each column its scale and the
    answers that the scale lists. The macro reads the codebook when the model runs; unit tests replace codebook_rows()
    by their own rows. -#}
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
        {#- Within the query a column has a name of ours: a name from a file may be one that a model uses, too. -#}
        {%- set column = columns.setdefault(row[1], {
            'name': row[1], 'alias': 'label_' ~ (columns | length + 1), 'construct_id': row[2], 'theme_id': row[3],
            'kind': row[4], 'minimum': row[5], 'maximum': row[6], 'answers': []
        }) -%}
        {%- if row[7] is not none -%}
            {%- do column['answers'].append({'label': row[7], 'answer_id': row[8]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(rules) }}
{% endmacro %}


{#- The number that stands for a cell: its answer's number in stg_answer_codes, or one of the three numbers below if no
    scale lists the answer. -#}
{% macro answer_code(column) -%}
    {%- set label = column.alias -%}
    {%- set minimum, maximum = 'null' if column.minimum is none else column.minimum, 'null' if column.maximum is none else column.maximum -%}
    case {{ label }}
    {%- for answer in column.answers %} when '{{ answer.label | replace("'", "''") }}' then {{ answer.answer_id }}
    {%- endfor %} when '' then {{ blank_answer() }} else
    {%- if column.kind in ['integer', 'decimal'] %} case when {{ is_number_in_range(label, "'" ~ column.kind ~ "'", minimum, maximum) }} then {{ number_answer() }} else {{ uncoded_answer() }} end
    {%- else %} {{ uncoded_answer() }}
    {%- endif %} end
{%- endmacro %}


{#- The text of a cell whose label the codebook does not list: a number, or an uncoded answer. -#}
{% macro unlisted_label(column) -%}
    {%- set label = column.alias -%}
    case when {{ label }} not in (''
    {%- for answer in column.answers %}, '{{ answer.label | replace("'", "''") }}'
    {%- endfor %}) then {{ label }} end
{%- endmacro %}


{#- Whether a normalised label is a plain number that its scale allows. If a bound is null, there is no limit on that
    side. stg_coded_exports writes the bounds of each column into its CASE, and answer_profile joins them; both use this
    one rule, and a test compares their results. -#}
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
