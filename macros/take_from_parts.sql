{#- Before a build from parts (variable `parts_from`): puts the tables that the parts hand over in place of those that a build
    would compute, and drops those that stay in the parts, because an earlier build may have left them. A view becomes a
    view on the files of the parts. The check at the start of the command has compared the parts with the project. -#}
{% macro take_from_parts() %}
    {%- if not execute or not var('parts_from') or flags.WHICH not in ['build', 'run'] -%}{{ return('') }}{%- endif -%}
    {%- set folders = run_query('select unnest(parts) from ' ~ checked_exports()).columns[0].values() | list -%}
    {%- for node in models_made_in_parts() %}
    {%- set relation = adapter.get_relation(target.database, node.schema, node.name) %}
    {%- if relation %}
    drop {{ relation.type }} {{ relation }};
    {%- endif %}
    {%- if is_handed_over(node) %}
    create schema if not exists {{ node.schema }};
    create {{ 'view' if node.config.materialized == 'view' else 'table' }} {{ node.schema }}.{{ node.name }} as
    select * from read_parquet([
        {%- for folder in folders %}
        {{ quoted_text(folder ~ '/' ~ node.schema ~ '/' ~ node.name ~ '.parquet') }}{{ ',' if not loop.last }}
        {%- endfor %}
    ], hive_partitioning = false);
    {%- endif %}
    {%- endfor %}
{% endmacro %}


{#- The models whose rows belong to one council-wave each. -#}
{% macro models_made_in_parts() %}
    {{ return(
        graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
        | selectattr('config.meta.is_made_in_parts', 'equalto', true) | sort(attribute='name') | list
    ) }}
{% endmacro %}


{#- Whether parts hand over a model: analysts query it, or a model reads it that is made once for all parts. -#}
{% macro is_handed_over(node) %}
    {%- if node.config.meta.is_contract -%}{{ return(true) }}{%- endif -%}
    {%- for reader in graph.nodes.values() if reader.resource_type == 'model' and not reader.config.meta.is_made_in_parts -%}
        {%- if node.unique_id in reader.depends_on.nodes -%}{{ return(true) }}{%- endif -%}
    {%- endfor -%}
    {{ return(false) }}
{% endmacro %}
