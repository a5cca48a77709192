{#- The exports that dbt knows when it parses: the list in dbt_project.yml. -#}
{% macro listed_exports() %}
    {{ return(var('exports')) }}
{% endmacro %}


{#- The exports that this build leaves out: named in `leave_out_exports`, or refused by the check before the build where
    `when_an_export_is_refused` is leave_out. The plugin dbt_coproduction knows which. -#}
{% macro left_out_exports() %}
    {{ return(env_var('COPRODUCTION_LEFT_OUT', '').split()) }}
{% endmacro %}


{#- Columns that nobody claims and that look like personal data, which are not loaded: what each looks like, by export and
    column. The plugin dbt_coproduction knows which. -#}
{% macro withheld_columns(export_id) %}
    {{ return(fromjson(env_var('COPRODUCTION_WITHHELD_COLUMNS', '{}')).get(export_id, {})) }}
{% endmacro %}


{#- The raw table of an export. A macro of its own, so that a unit test can put rows in its place. -#}
{% macro export_relation(export_id) %}
    {{ return(ref(export_id)) }}
{% endmacro %}


{#- The exports that take part in this build: listed, and not synthetic where `include_synthetic` is false. Known only
    once stg_exports is built, so it is empty when dbt parses, and on an empty warehouse. -#}
{% macro included_exports() %}
    {%- set relation = load_relation(ref('stg_exports')) if execute else none -%}
    {%- if not relation -%}{{ return([]) }}{%- endif -%}
    {%- set rows = run_query('select export_id, respondent_column from ' ~ relation ~ ' order by export_id') -%}
    {%- set exports = [] -%}
    {%- for row in rows.rows -%}
        {%- do exports.append({'export_id': row[0], 'respondent_column': row[1]}) -%}
    {%- endfor -%}
    {{ return(exports) }}
{% endmacro %}
