{#- The exports that dbt knows when it parses: the list in dbt_project.yml. -#}
{% macro listed_exports() %}
    {{ return(var('exports')) }}
{% endmacro %}


{#- The findings of the check before the build, from a file that coproduction.build.checked_exports writes. The file of
    another command has another name and is never read. -#}
{% macro checked_exports() %}
    {{ return(
        "read_json('" ~ (flags.TARGET_PATH or 'target') ~ "/checked_exports." ~ invocation_id ~ ".json', columns = {"
        ~ "left_out: 'varchar[]', not_loaded: 'struct(export_id varchar, column_name varchar, looks_like varchar)[]'})"
    ) }}
{% endmacro %}


{#- The exports that this build leaves out: named in `leave_out_exports`, or refused by the check before the build where
    `when_an_export_is_refused` is leave_out. -#}
{% macro left_out_exports() %}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {{ return(run_query('select unnest(left_out) from ' ~ checked_exports()).columns[0].values() | list) }}
{% endmacro %}


{#- The columns of an export that are not loaded, because the codebook does not claim them and they look like personal
    data: for each column, the kind of personal data. -#}
{% macro columns_not_loaded(export_id) %}
    {%- set looks_like = {} -%}
    {%- set query = 'select unnest(not_loaded, recursive := true) from ' ~ checked_exports() -%}
    {%- for row in (run_query(query).rows if execute else []) if row['export_id'] == export_id -%}
        {%- do looks_like.update({row['column_name']: row['looks_like']}) -%}
    {%- endfor -%}
    {{ return(looks_like) }}
{% endmacro %}


{#- The raw table of an export. This is a separate macro so that a unit test can replace the table by rows. -#}
{% macro export_relation(export_id) %}
    {{ return(ref(export_id)) }}
{% endmacro %}


{#- The exports of this build: listed, and not synthetic where `include_synthetic` is false. The list is read from
    stg_exports, so it is empty when dbt parses and in an empty warehouse. -#}
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
