{#- Expressions that add up the answers in one row of stg_coded_exports, for models that have one block of SQL for each
    export. Joining and grouping the same cells as rows takes several times as long. -#}


{#- The columns whose answers are added up: a block for each questionnaire, with its exports and its lines, and the columns
    of each line. The query has a row for each column: the columns of questionnaires(), line, question_position, scale_id,
    and whatever else a model needs to know. There are no blocks while dbt parses, and in an empty warehouse. -#}
{% macro blocks_of_columns(query) %}
    {%- set blocks = {} -%}
    {%- if execute and query.strip() -%}
        {%- set scales = codes_by_scale() -%}
        {%- for row in run_query(query).rows -%}
            {%- set column = row.dict() -%}
            {%- do column.update({
                'code': 'answer_ids[' ~ column.question_position ~ ']',
                'label': 'unlisted_labels[' ~ column.question_position ~ ']',
                'codes': scales[column.scale_id]
            }) -%}
            {%- set block = blocks.setdefault(column.export_id, {'export_ids': column.export_ids, 'lines': {}}) -%}
            {%- do block.lines.setdefault(column.line, []).append(column) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(blocks) }}
{% endmacro %}


{#- The exports of this build by questionnaire: those of one questionnaire have the same questions in the same order. The
    first of them gives its name to the block. -#}
{% macro questionnaires() -%}
    (
        select
            first_export_id as export_id,
            string_agg('''' || export_id || '''', ', ' order by export_id) as export_ids
        from {{ first_alike() }}
        group by first_export_id
    )
{%- endmacro %}


{#- The codes that the cells of each scale may have, in ascending order, and what each of them says. -#}
{% macro codes_by_scale() %}
    {%- set query -%}
        select
            scale_id,
            cast(answer_id as integer) as code,
            answer_score as score,
            answer_kind <> 'not_asked' as is_asked,
            answer_kind not in ('not_asked', 'blank') as is_given,
            answer_kind = 'valid' as is_valid,
            answer_kind in ('blank', 'dont_know', 'refused') as can_be_imputed,
            answer_kind = 'valid' and coalesce(is_positive, false) as is_positive,
            answer_kind = 'valid' and coalesce(is_often, false) as is_often,
            answer_kind = 'valid' and is_often is not null as says_whether_often,
            answer_kind = 'valid' and stands_for_texts as stands_for_texts
        from ({{ meanings_of_codes() }}) as meanings
        order by scale_id, code
    {%- endset -%}
    {%- set scales = {} -%}
    {%- for row in run_query(query).rows -%}
        {%- do scales.setdefault(row['scale_id'], []).append(row.dict()) -%}
    {%- endfor -%}
    {{ return(scales) }}
{% endmacro %}


{#- The query behind codes_by_scale(). This is a separate macro so that a unit test can replace it by rows. Only a scale of
    numbers has the code of a number. -#}
{% macro meanings_of_codes() -%}
    select distinct
        scale_id,
        codes.answer_id,
        codes.answer_kind,
        answers.answer_score,
        codes.is_positive,
        codes.is_often,
        codes.answer_id = {{ number_answer() }} or coalesce(answers.normalised_label = '{{ any_answer() }}', false) as stands_for_texts
    from {{ ref('stg_column_codes') }} as codes
    inner join (select distinct scale_id, scale_kind from {{ ref('stg_questions') }}) as scales using (scale_id)
    left join {{ ref('stg_answer_codes') }} as answers using (scale_id, answer_id)
    where codes.answer_id <> {{ number_answer() }} or scales.scale_kind in ('integer', 'decimal')
{%- endmacro %}


{#- How many of the columns have a code of which `test`, a column of codes_by_scale(), is true. -#}
{% macro number_of(columns, test) -%}
    {%- for column in columns -%}
        cast({{ has_code(column, test) }} as smallint){{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- Whether a column has a code of which `test` is true. Codes that follow each other on the scale are one comparison,
    because DuckDB makes a join of an `in` with several values. -#}
{% macro has_code(column, test) -%}
    {%- set runs = [] -%}
    {%- for code in column.codes -%}
        {%- if code[test] and (loop.first or not loop.previtem[test]) -%}{%- do runs.append([]) -%}{%- endif -%}
        {%- if code[test] -%}{%- do runs[-1].append(code.code) -%}{%- endif -%}
    {%- endfor -%}
    {%- set lowest, highest = column.codes[0].code, column.codes[-1].code -%}
    {%- for run in runs -%}
        {{ column.code }} {% if run[0] == lowest %}<= {{ run[-1] }}
        {%- elif run[-1] == highest %}>= {{ run[0] }}
        {%- elif run | length == 1 %}= {{ run[0] }}
        {%- else %}between {{ run[0] }} and {{ run[-1] }}
        {%- endif %}{{ ' or ' if not loop.last }}
    {%- else -%}
        false
    {%- endfor -%}
{%- endmacro %}


{#- Whether all valid answers to several columns of a scale are one answer. A number and the answer * have one code for many
    texts. -#}
{% macro is_all_alike(columns) -%}
    {{ is_one_value(columns, 'code') }}
    {%- if columns[0].codes | selectattr('stands_for_texts') | list %} and coalesce({{ is_one_value(columns, 'label') }}, true) {%- endif -%}
{%- endmacro %}


{#- Whether something that each column has, its code or its label, is the same in all columns with a valid answer; null
    where none has it. -#}
{% macro is_one_value(columns, name) -%}
    {%- set values = [] -%}
    {%- for column in columns -%}
        {%- do values.append('case when ' ~ has_code(column, 'is_valid') ~ ' then ' ~ column[name] ~ ' end') -%}
    {%- endfor -%}
    least({{ values | join(', ') }}) = greatest({{ values | join(', ') }})
{%- endmacro %}


{#- The score of the answer of a column, reversed if its question is; null without one. -#}
{% macro score_of(column) -%}
    {%- set cases = [] -%}
    {%- for code in column.codes if code.is_valid -%}
        {%- if code.code == number_answer() -%}
            {%- do cases.append('when ' ~ code.code ~ ' then cast(' ~ column.label ~ ' as double)') -%}
        {%- elif code.score is not none -%}
            {%- do cases.append('when ' ~ code.code ~ ' then ' ~ code.score) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not cases -%}
        cast(null as double)
    {%- else -%}
        {{ column.minimum ~ ' + ' ~ column.maximum ~ ' - ' if column.is_reversed }}cast(case {{ column.code }} {{ cases | join(' ') }} end as double)
    {%- endif -%}
{%- endmacro %}


{#- The score of the answer of a column. A blank, Don't Know or a refusal is NaN, because it can be imputed; no_score() stands for what
    was not asked, does not apply or has no score. -#}
{% macro score_or_missing(column) -%}
    case when {{ has_code(column, 'can_be_imputed') }} then cast('nan' as double) else coalesce({{ score_of(column) }}, {{ no_score() }}) end
{%- endmacro %}

{% macro no_score() -%}
    cast('infinity' as double)
{%- endmacro %}


{#- The highest score of several columns; null without any score. -#}
{% macro highest_score_of(columns) -%}
    greatest({% for column in columns %}{{ score_of(column) }}, {% endfor %}cast(null as double))
{%- endmacro %}


{#- The sum of an expression over columns. In the expression, {score} is the score of a column, null without one, and
    {minimum}, {maximum} and {units} are those of its scale. -#}
{% macro sum_over_scores(columns, expression) -%}
    {%- for column in columns -%}
        {{ expression | replace('{score}', '(' ~ score_of(column) ~ ')') | replace('{minimum}', column.minimum)
            | replace('{maximum}', column.maximum) | replace('{units}', column.units) }}{{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- The lines of a block that have at least so many columns. -#}
{% macro lines_of_at_least(lines, n_columns) %}
    {%- set found = {} -%}
    {%- for line, columns in lines.items() if columns | length >= n_columns -%}
        {%- do found.update({line: columns}) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- The sum of an expression over lines, of which {line} is the number; 0 without lines. -#}
{% macro sum_of_lines(lines, expression) -%}
    {% for line in lines %}{{ expression | replace('{line}', line) }} + {% endfor %}0
{%- endmacro %}


{#- The numbers of the lines of a block as rows: from columns such as n_valid_7 to a row with the number 7 and its n_valid. -#}
{% macro one_row_per_line(block, number_name, lines, names) -%}
    select
        respondent_number,
        unnest(cast([{{ lines | join(', ') }}] as smallint[])) as {{ number_name }}
    {%- for name in names %},
        unnest([{% for line in lines %}{{ name }}_{{ line }}{{ ', ' if not loop.last }}{% endfor %}]) as {{ name }}
    {%- endfor %}
    from {{ block }}
{%- endmacro %}


{#- The query for the columns from which measures are computed: from counts of answers, or from their scores. There are two
    macros, so that a unit test can replace each by rows. -#}
{% macro columns_of_counting_measures() -%}
    {{ columns_of_measures("in ('share_of_items', 'any_item')") }}
{%- endmacro %}

{% macro columns_of_scoring_measures() -%}
    {{ columns_of_measures("not in ('share_of_items', 'any_item')") }}
{%- endmacro %}

{% macro columns_of_measures(kinds) -%}
    {%- if execute and load_relation(ref('stg_column_codes')) and load_relation(ref('int_measured_columns')) -%}
    select
        questionnaires.*,
        measures.measure_number as line,
        questions.question_position,
        questions.scale_id,
        questions.is_reversed,
        questions.scale_minimum as minimum,
        questions.scale_maximum as maximum,
        questions.score_units as units,
        measures.counts_answer
    from {{ ref('int_measured_columns') }} as measures
    inner join {{ ref('stg_questions') }} as questions using (column_number)
    inner join {{ questionnaires() }} as questionnaires using (export_id)
    where measures.kind {{ kinds }}
    order by export_id, line, questions.question_position
    {%- endif -%}
{%- endmacro %}


{#- The query for the columns of the correlates: a line for each correlate, which is one question of an export. -#}
{% macro columns_of_correlates() -%}
    {%- if execute and load_relation(ref('stg_column_codes')) and load_relation(ref('int_correlated_columns')) -%}
    select
        questionnaires.*,
        correlates.correlate_number as line,
        questions.question_position,
        questions.scale_id,
        questions.is_reversed,
        questions.scale_minimum as minimum,
        questions.scale_maximum as maximum
    from {{ ref('int_correlated_columns') }} as correlates
    inner join {{ ref('stg_questions') }} as questions using (column_number)
    inner join {{ questionnaires() }} as questionnaires using (export_id)
    order by export_id, line
    {%- endif -%}
{%- endmacro %}


{#- The query for the columns in which signs of careless answers are looked for: a line for each scale. This is a macro, so that
    a unit test can replace it by rows. -#}
{% macro columns_of_scales() -%}
    {%- if execute and load_relation(ref('stg_column_codes')) -%}
    select
        questionnaires.*,
        dense_rank() over (partition by questionnaires.export_id order by questions.scale_id) as line,
        questions.question_position,
        questions.scale_id
    from {{ ref('stg_questions') }} as questions
    inner join {{ questionnaires() }} as questionnaires using (export_id)
    where questions.construct_role in ('outcome', 'correlate') or questions.construct_id = 'duration'
    order by questionnaires.export_id, line, questions.question_position
    {%- endif -%}
{%- endmacro %}
