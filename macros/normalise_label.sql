{#- Converts a printed label to the spelling in which exports and codebook are compared: one kind of apostrophe, quote
    and dash, single spaces, no capitals; a blank cell becomes ''. Most cells are plain: ASCII without a backtick, with
    single spaces between words. They need only lower case, which takes an eighth of the time.
    coproduction.codebook.labels does the same in Python, and a test compares the two. -#}
{% macro normalise_label(expression) -%}
    case when regexp_full_match({{ expression }}, '[!-_a-~]+( [!-_a-~]+)*') then lower({{ expression }}) when {{ expression }} is null then '' else lower(trim(regexp_replace(translate({{ expression }}, '’‘ʼ`´‐‑‒–—−“”', '''''''''''------""'), '[\s\v\p{Z}]+', ' ', 'g'))) end
{%- endmacro %}
