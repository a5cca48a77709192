{#- Labels and sentences in the language of the build, from the seeds `labels` and `sentences`. -#}

{#- The labels of one column, as the SQL of an import CTE. -#}
{% macro labels_of(column_name) -%}
    select
        id as {{ column_name }},
        label as {{ column_name[:-3] }}_label,
        unit_label,
        decimals
    from {{ ref('dim_label') }}
    where column_name = '{{ column_name }}' and language = '{{ var("language") }}'
{%- endmacro %}


{#- The label or unit of one id, as a SQL value. -#}
{% macro label_of(column_name, id, part='label') -%}
    (
        select labels_of_one_id.{{ part }}
        from {{ ref('dim_label') }} as labels_of_one_id
        where
            labels_of_one_id.column_name = '{{ column_name }}'
            and labels_of_one_id.id = '{{ id }}'
            and labels_of_one_id.language = '{{ var("language") }}'
    )
{%- endmacro %}


{#- A template with its placeholders replaced. A placeholder whose value is null makes the whole text null. -#}
{% macro filled(template, values) -%}
    {%- set text = namespace(sql=template) -%}
    {%- for placeholder, value in values.items() -%}
        {%- set text.sql = "replace(" ~ text.sql ~ ", '{" ~ placeholder ~ "}', cast(" ~ value ~ " as varchar))" -%}
    {%- endfor -%}
    {{ text.sql }}
{%- endmacro %}


{#- A sentence with its placeholders replaced by SQL expressions. -#}
{% macro sentence(sentence_id, values={}) -%}
    {%- set template -%}
        (
            select sentences.template
            from {{ ref('sentences') }} as sentences
            where sentences.sentence_id = '{{ sentence_id }}' and sentences.language = '{{ var("language") }}'
        )
    {%- endset -%}
    {{ filled(template, values) }}
{%- endmacro %}
