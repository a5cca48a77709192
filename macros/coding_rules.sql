{#- The codebook for the coding model: for the first of the exports that are alike its claimed columns in order, for each column
    its scale and the answers that the scale lists. The macro reads the codebook when the model runs; unit tests replace
    codebook_rows() by their own rows. -#}
{% macro codebook_rows() %}
    {%- if not execute or not load_relation(ref('stg_questions')) or not load_relation(ref('stg_answer_codes')) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set query -%}
        select
            questions.export_id, questions.column_name, questions.construct_id, questions.theme_id,
            questions.scale_kind, questions.scale_minimum, questions.scale_maximum,
            answers.normalised_label, answers.answer_id, answers.answer_kind,
            questions.source_column, {{ normalise_label('questions.option') }}, questions.separator,
            coalesce(questions.number_format, recognised.number_format),
            questions.asked_when_column, questions.asked_when_answers, questions.scale_id, answers.answer_label
        from {{ ref('stg_questions') }} as questions
        left join {{ ref('stg_answer_codes') }} as answers using (scale_id)
        left join {{ recognised_formats() }} as recognised using (export_id, column_name)
        where questions.export_id in (select first_export_id from {{ first_alike() }})
        order by questions.export_id, questions.question_position, answers.answer_id
    {%- endset -%}
    {{ return(run_query(query).rows) }}
{% endmacro %}


{#- By export, the first of those that are alike, and column, in the order of stg_questions: the name in the file, the scale
    and its answers by label, and what cell_shapes.sql needs to know of the other columns of the export. -#}
{% macro coding_rules() %}
    {%- set rules, cells = {}, {} -%}
    {%- for row in codebook_rows() -%}
        {%- set columns, cells_of_export = rules.setdefault(row[0], {}), cells.setdefault(row[0], {}) -%}
        {%- if row[1] not in columns -%}
            {#- Within the query a column has a name of ours: a name from a file may be one that a model uses, too. -#}
            {%- do columns.update({row[1]: {
                'name': row[1], 'alias': 'label_' ~ (columns | length + 1), 'code': 'code_' ~ (columns | length + 1),
                'kind': row[4], 'minimum': row[5], 'maximum': row[6],
                'source': cell_name(cells_of_export, row[10]), 'source_name': row[10],
                'option': row[11], 'separator': row[12], 'number_format': row[13],
                'asked_when_column': cell_name(cells_of_export, row[14]), 'asked_when_name': row[14],
                'asked_when_answers': answers_of_condition(row[15]),
                'question': [row[2], row[3], row[16]], 'answers': [], 'blank_labels': []
            }}) -%}
        {%- endif -%}
        {%- set column = columns[row[1]] -%}
        {%- if row[7] is not none -%}
            {%- do column['answers'].append({'label': row[7], 'answer_id': row[8], 'answer_kind': row[9], 'printed': row[17]}) -%}
            {%- if row[9] == 'blank' -%}{%- do column['blank_labels'].append(row[7]) -%}{%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for columns in rules.values() -%}
        {%- do relate_columns(columns.values() | list) -%}
    {%- endfor -%}
    {{ return(rules) }}
{% endmacro %}


{#- The name of ours that the column of a file has: cell_1 and so on, in the order in which the names are asked for. -#}
{% macro cell_name(cells, name) %}
    {{ return(cells.setdefault(name, 'cell_' ~ (cells | length + 1)) if name else none) }}
{% endmacro %}


{#- Adds to each column what it needs of the others: all options of its cell, and the tick boxes of its question. A column
    of which something says whether it was asked has the name of that truth value as `asked`. -#}
{% macro relate_columns(columns) %}
    {%- set asked = {} -%}
    {%- for column in columns -%}
        {%- set same_cell = columns | selectattr('source', 'equalto', column.source) | list if column.option else [] -%}
        {%- set same_question = columns | selectattr('question', 'equalto', column.question) | rejectattr('option') | list -%}
        {%- set blank = column.answers | selectattr('label', 'equalto', '') | selectattr('answer_kind', 'equalto', 'valid') | list -%}
        {%- set condition = columns | selectattr('source', 'equalto', column.asked_when_column) | rejectattr('option') | list -%}
        {%- do column.update({
            'condition': condition | first,
            'blanks_of_condition': condition[0].blank_labels if condition else [],
            'is_tick_box': (blank | length) > 0,
            'options': same_cell | map(attribute='option') | list,
            'boxes': [column.source] if column.option else same_question | map(attribute='source') | unique(case_sensitive=true) | list
        }) -%}
    {%- endfor -%}
    {%- for column in columns -%}
        {%- if column.asked_when_column or column.is_tick_box -%}
            {%- set rule = was_asked(column) -%}
            {%- do column.update({'asked': asked.setdefault(rule, 'asked_' ~ (asked | length + 1))}) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- The answers of a condition, in the one spelling, from the cell of the codebook that lists them. -#}
{% macro answers_of_condition(text) %}
    {%- if not text -%}{{ return([]) }}{%- endif -%}
    {%- set query -%}
        select label from (
            select {{ normalise_label('answer') }} as label
            from (select unnest(string_split({{ quoted_text(text) }}, ';')) as answer)
        ) where label <> ''
    {%- endset -%}
    {{ return(run_query(query).columns[0].values() | list) }}
{% endmacro %}


{#- The truth values of an export that say to whom its questions were put, each once: name and rule. -#}
{% macro asked_rules(columns) %}
    {%- set rules = {} -%}
    {%- for column in columns if column.asked -%}
        {%- do rules.setdefault(column.asked, was_asked(column)) -%}
    {%- endfor -%}
    {{ return(rules) }}
{% endmacro %}


{#- The labels that the scale of a column lists. -#}
{% macro listed_labels(column) %}
    {{ return(column.answers | map(attribute='label') | reject('in', ['', any_answer()]) | list) }}
{% endmacro %}


{#- The number that stands for a cell: its answer's number in stg_answer_codes, or one of the numbers below if no scale
    lists the answer. A blank cell is an answer only if the scale says so and the question was put to the respondent. -#}
{% macro answer_code(column) -%}
    {%- set label = column.alias -%}
    {%- set blank = column.answers | selectattr('label', 'equalto', '') | first -%}
    {%- set blank_code = blank.answer_id if blank else blank_answer() -%}
    {%- if blank and blank.answer_kind == 'valid' -%}
        {%- set blank_code = 'case when ' ~ column.asked ~ ' then ' ~ blank.answer_id ~ ' else ' ~ blank_answer() ~ ' end' -%}
    {%- endif -%}
    {%- if column.asked %}case when {{ column.asked }} = false then case {{ label }} when '' then {{ not_asked_answer() }} else {{ unexpected_answer() }} end else {% endif -%}
    case {{ label }}
    {%- for answer in column.answers if answer.label not in ['', any_answer()] %} when {{ quoted_text(answer.label) }} then {{ answer.answer_id }}
    {%- endfor %} when '' then {{ blank_code }} else {{ unlisted_code(column) }} end
    {%- if column.asked %} end{% endif -%}
{%- endmacro %}


{#- The number of a label that the scale does not list: a number in range, the answer *, or an uncoded answer. -#}
{% macro unlisted_code(column) -%}
    {%- set minimum, maximum = 'null' if column.minimum is none else column.minimum, 'null' if column.maximum is none else column.maximum -%}
    {%- set any = column.answers | selectattr('label', 'equalto', any_answer()) | first -%}
    {%- set otherwise = any.answer_id if any else uncoded_answer() -%}
    {%- if column.kind in ['integer', 'decimal'] -%}
        case when {{ is_number_in_range(column.alias, "'" ~ column.kind ~ "'", minimum, maximum) }} then {{ number_answer() }} else {{ otherwise }} end
    {%- else -%}
        {{ otherwise }}
    {%- endif -%}
{%- endmacro %}


{#- The text of a cell whose label the codebook does not list: a number, an uncoded answer, one that the label * stands
    for, or one to a question that was not put to the respondent. -#}
{% macro unlisted_label(column) -%}
    {%- set any = column.answers | selectattr('label', 'equalto', any_answer()) | first -%}
    case when {{ column.code }} < 0{{ ' or ' ~ column.code ~ ' = ' ~ any.answer_id if any }} then nullif({{ column.alias }}, '') end
{%- endmacro %}


{#- Whether the code of one of several columns may have such a text. The 0 is for a single column. -#}
{% macro may_have_unlisted_labels(columns) -%}
    least({{ columns | map(attribute='code') | join(', ') }}, 0) < 0
    {%- for column in columns -%}
        {%- for answer in column.answers if answer.label == any_answer() %} or {{ column.code }} = {{ answer.answer_id }}{% endfor -%}
    {%- endfor -%}
{%- endmacro %}


{#- Whether a normalised label is a plain number that its scale allows. If a bound is null, there is no limit on that
    side. stg_coded_exports writes the bounds of each column into its CASE, and answer_profile joins them; both use this
    one rule, and a test compares their results. -#}
{% macro is_number_in_range(label, kind, minimum, maximum) -%}
    {{ kind }} in ('integer', 'decimal')
    and regexp_full_match({{ label }}, '-?[0-9]+([.][0-9]+)?(e[+-]?[0-9]{1,2})?')
    and try_cast({{ label }} as double) between coalesce({{ minimum }}, cast('-infinity' as double))
    and coalesce({{ maximum }}, cast('infinity' as double))
    and ({{ kind }} = 'decimal' or try_cast({{ label }} as double) % 1 = 0)
{%- endmacro %}


{#- Numbers of answers that no scale lists. Answers of the codebook count from 1. `unexpected`: an answer to a question
    that was not put to the respondent. -#}
{% macro blank_answer() %}{{ return(0) }}{% endmacro %}
{% macro uncoded_answer() %}{{ return(-1) }}{% endmacro %}
{% macro number_answer() %}{{ return(-2) }}{% endmacro %}
{% macro not_asked_answer() %}{{ return(-3) }}{% endmacro %}
{% macro unexpected_answer() %}{{ return(-4) }}{% endmacro %}
