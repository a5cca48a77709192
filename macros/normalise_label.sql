{#- Brings a printed label to the one spelling by which the codebook and the exports meet: apostrophes, quotes and
    dashes unified, white space collapsed, no capitals; a blank cell becomes ''. Python's twin of this macro is
    coproduction.codebook.labels; a test holds the two equal. -#}
{% macro normalise_label(expression) -%}
    lower(trim(regexp_replace(translate(coalesce({{ expression }}, ''), '’‘ʼ`´‐‑‒–—−“”', '''''''''''------""'), '[\s\v\p{Z}]+', ' ', 'g')))
{%- endmacro %}
