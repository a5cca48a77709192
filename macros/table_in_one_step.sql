{#- Builds a table in one transaction: the old one goes when the new one is there, and readers never see neither. dbt's
    own way keeps the old table under another name for a moment, which costs four more statements a table. -#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if model['language'] == 'sql' %}
        {% call statement('main') -%}
            {{ drop_before(existing) }}
            {{ create_table_as(False, target_relation, compiled_code) }}
        {%- endcall %}
    {% else %}
        {#- A Python model writes through a cursor of its own, outside this transaction; so its table gets another name
            first, and what a killed build left under that name goes before. -#}
        {%- set new = make_intermediate_relation(target_relation) -%}
        {%- do drop_relation_if_exists(load_cached_relation(new)) -%}
        {% call statement('main', language='python') -%}
            {{- create_table_as(False, new, compiled_code, 'python') -}}
        {%- endcall %}
        {% call statement('replace') -%}
            {{ drop_before(existing) }}
            alter table {{ new }} rename to {{ adapter.quote(target_relation.identifier) }}
        {%- endcall %}
    {% endif %}

    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{% macro drop_before(existing) -%}
    {%- if existing is not none %}drop {{ existing.type }} {{ existing }};{% endif -%}
{%- endmacro %}
