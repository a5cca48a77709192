{#- Converts a printed label to the spelling in which exports and codebook are compared: one kind of apostrophe, quote
    and dash, single spaces, no capitals; a blank cell becomes ''. coproduction.codebook.labels does the same in Python,
    and a test compares the two. -#}
{% macro normalise_label(expression) -%}
    lower(trim(regexp_replace(translate(coalesce({{ expression }}, ''), '’‘ʼ`´‐‑‒–—−“”', '''''''''''------""'), '[\s\v\p{Z}]+', ' ', 'g')))
{%- endmacro %}
