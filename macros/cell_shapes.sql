{#- What a cell says once several answers in a cell, spellings of numbers and routing are taken into account.
    coproduction.exports.derived_cells does the same in Python before a build, and a test compares the two. -#}


{#- The label of a cell in the one spelling: of the cell itself, of its number, or whether it names an option. Where it
    matters who was asked, a label of the kind blank, such as NA, is an empty cell. -#}
{% macro cell_label(column) -%}
    {%- set label = normalised_cell(column) -%}
    {%- if column.option -%}
        {{ option_label(column) }}
    {%- elif has_blank_labels(column) -%}
        case when {{ is_code_of(label, column.blank_labels) }} then '' else {{ printed_label(column, label) }} end
    {%- else -%}
        {{ printed_label(column, label) }}
    {%- endif -%}
{%- endmacro %}


{#- The cell of a column in the one spelling. Most cells are printed as the codebook prints their answer, and comparing them takes
    half the time of turning them into that spelling. -#}
{% macro normalised_cell(column) -%}
    {%- set cell = export_column(column.source) -%}
    {%- set listed = column.answers | rejectattr('label', 'in', ['', any_answer()]) | list -%}
    {%- if listed -%}
        case {{ cell }}{% for answer in listed %} when {{ quoted_text(answer.printed) }} then {{ quoted_text(answer.label) }}{% endfor %} else {{ normalise_label(cell) }} end
    {%- else -%}
        {{ normalise_label(cell) }}
    {%- endif -%}
{%- endmacro %}


{#- Whether a label may stand for an empty cell that says something about who was asked. -#}
{% macro has_blank_labels(column) -%}
    {{ return(column.asked and column.blank_labels and not column.option) }}
{%- endmacro %}


{#- The label of a cell that is not a list of options: of the cell itself, or of its number. -#}
{% macro printed_label(column, label) -%}
    {%- if column.number_format -%}
        case when {{ is_one_of(label, listed_labels(column)) }} then {{ label }} else {{ number_text(label, column.number_format) }} end
    {%- else -%}
        {{ label }}
    {%- endif -%}
{%- endmacro %}


{#- `ticked` if an option is among the answers of a cell; else '' or, if the codebook lists no option *, the answers that
    are no option. -#}
{% macro option_label(column) -%}
    {%- set cell = "coalesce(" ~ export_column(column.source) ~ ", '')" -%}
    {%- set parts = "string_split(" ~ cell ~ ", " ~ quoted_text(column.separator) ~ ")" if column.separator else "[" ~ cell ~ "]" -%}
    {%- set answers = "list_transform(" ~ parts ~ ", lambda part: " ~ normalise_label('part') ~ ")" -%}
    {%- set others = "list_filter(" ~ answers ~ ", lambda answer: answer not in (" ~ quoted_list(column.options + column.blank_labels) ~ "))" -%}
    {%- if column.option == any_answer() -%}
        case when len({{ others }}) > 0 then 'ticked' else '' end
    {%- else -%}
        case when list_contains({{ answers }}, {{ quoted_text(column.option) }}) then 'ticked' else {{ "''" if any_answer() in column.options else "array_to_string(" ~ others ~ ", '; ')" }} end
    {%- endif -%}
{%- endmacro %}


{#- A label as a plain number where it spells one in the format of its column, `point` or `comma`; every other label as it
    is. coproduction.codebook.numbers does the same in Python, and a test compares the two. -#}
{% macro number_text(label, number_format) -%}
    {%- set between_thousands, before_decimals = (',', '[.]') if number_format == 'point' else ('.', ',') -%}
    case
        when regexp_full_match({{ label }}, '[+-]?[0-9]{1,3}([{{ between_thousands }} ][0-9]{3})+({{ before_decimals }}[0-9]+)?')
            then {{ plain_number("replace(replace(replace(" ~ label ~ ", ' ', ''), '" ~ between_thousands ~ "', ''), ',', '.')") }}
        when regexp_full_match({{ label }}, '[+-]?[0-9]*,[0-9]+(e[+-]?[0-9]+)?') then {{ plain_number("replace(" ~ label ~ ", ',', '.')") }}
        when regexp_full_match({{ label }}, '[+-]?([0-9]*[.])?[0-9]+(e[+-]?[0-9]+)?') then {{ plain_number(label) }}
        else {{ label }}
    end
{%- endmacro %}


{#- A number without a plus, without zeros after its point (1.0 is the code 1), and with a digit before its point. -#}
{% macro plain_number(text) -%}
    regexp_replace(regexp_replace(ltrim({{ text }}, '+'), '[.]0+$', ''), '^(-?)[.]', '\10.')
{%- endmacro %}


{#- Whether a question was put to the respondent: true, false, or null where nobody can know. Whoever ticked a box has
    seen the other boxes of the question. -#}
{% macro was_asked(column) -%}
    coalesce(
    {%- if column.asked_when_column -%}
        {%- set label = normalise_label(export_column(column.asked_when_column)) -%}
        case when {{ is_code_of(label, column.blanks_of_condition) }} then {{ blank_condition(column) }} else {{ 'true' if any_answer() in column.asked_when_answers else is_code_of(label, column.asked_when_answers) }} end,
    {%- endif -%}
    {%- if column.is_tick_box -%}
        case when {% for name in column.boxes %}not {{ is_code_of(normalise_label(export_column(name)), column.blank_labels) }}{{ ' or ' if not loop.last }}{% endfor %} then true end,
    {%- endif -%}
    null)
{%- endmacro %}


{#- Whether a question was put where the column of its condition is blank. If the question of that column was not put,
    this one was not put either; a box that was seen and not ticked is an answer; otherwise nobody knows. -#}
{% macro blank_condition(column) -%}
    {%- set before = column.condition -%}
    {%- if before and (before.asked_when_column or before.is_tick_box) -%}
        case {{ was_asked(before) }} when false then false {%- if before.is_tick_box %} when true then {{ any_answer() in column.asked_when_answers }}{% endif %} end
    {%- else -%}
        null
    {%- endif -%}
{%- endmacro %}


{#- The label that stands for every answer that is not listed. -#}
{% macro any_answer() %}{{ return('*') }}{% endmacro %}
