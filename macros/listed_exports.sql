{#- The files of exports that dbt knows when it parses: the lists in dbt_project.yml. -#}
{% macro listed_exports() %}
    {{ return(var('exports') + var('exports_elsewhere')) }}
{% endmacro %}


{#- The findings of the check before the build, from a file that coproduction.build.checked_exports writes. The file of
    another command has another name and is never read. -#}
{% macro checked_exports() %}
    {{ return(
        "read_json('" ~ (flags.TARGET_PATH or 'target') ~ "/checked_exports." ~ invocation_id ~ ".json', columns = {"
        ~ "left_out: 'varchar[]', files_left_out: 'varchar[]', not_loaded: 'struct(file varchar, column_name varchar, looks_like varchar)[]', "
        ~ "number_formats: 'struct(export_id varchar, column_name varchar, number_format varchar)[]', "
        ~ "header_rows: 'struct(file varchar, n_rows integer)[]', elsewhere: 'struct(file varchar, place varchar, is_csv boolean)[]', parts: 'varchar[]'})"
    ) }}
{% endmacro %}


{#- The exports that this build leaves out: named in `leave_out_exports`, or refused by the check before the build where
    `when_an_export_is_refused` is leave_out. -#}
{% macro left_out_exports() %}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {{ return(run_query('select unnest(left_out) from ' ~ checked_exports()).columns[0].values() | list) }}
{% endmacro %}


{#- The files of which this build reads nothing, because all their exports are left out. -#}
{% macro files_left_out() %}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {{ return(run_query('select unnest(files_left_out) from ' ~ checked_exports()).columns[0].values() | list) }}
{% endmacro %}


{#- How many rows below the first row of a file explain the header, and are no answers. -#}
{% macro header_rows(file) %}
    {%- set query = 'select unnest(header_rows, recursive := true) from ' ~ checked_exports() -%}
    {%- for row in (run_query(query).rows if execute else []) if row['file'] == file -%}
        {{ return(row['n_rows']) }}
    {%- endfor -%}
    {{ return(0) }}
{% endmacro %}


{#- The columns that are not loaded, because the codebook does not use them and they look like personal data: for each
    file and column, the kind of personal data. -#}
{% macro columns_not_loaded_by_file() %}
    {%- if not execute -%}{{ return({}) }}{%- endif -%}
    {%- set by_file = {} -%}
    {%- for row in run_query('select unnest(not_loaded, recursive := true) from ' ~ checked_exports()).rows -%}
        {%- do by_file.setdefault(row['file'], {}).update({row['column_name']: row['looks_like']}) -%}
    {%- endfor -%}
    {{ return(by_file) }}
{% endmacro %}


{#- Those of one file. -#}
{% macro columns_not_loaded(file) %}
    {{ return(columns_not_loaded_by_file().get(file, {})) }}
{% endmacro %}


{#- The raw table or view of a file, which is a seed unless the file lies elsewhere. This is a separate macro so that a unit test can replace the table by rows. -#}
{% macro export_relation(file) %}
    {%- if file in var('exports_elsewhere') -%}
    {{ return(api.Relation.create(database=target.database, schema='raw', identifier=file)) }}
    {%- endif -%}
    {{ return(ref(file)) }}
{% endmacro %}


{#- The rows of a file that belong to an export, for the FROM of a query. -#}
{% macro export_rows(export) -%}
    {{ export_relation(export.file) }} as export_rows
    {%- for column, labels in (export.filters or {}).items() %}
    {{ 'where' if loop.first else 'and' }} {{ is_in_filter(normalise_label(export_column(column)), labels) }}
    {%- endfor %}
{%- endmacro %}


{#- Whether a cell has an answer of a filter. A blank cell is one only where the filter lists it. -#}
{% macro is_in_filter(label, labels) -%}
    {{ is_code_of(label, labels) }}{% if '' not in labels %} and {{ label }} <> ''{% endif %}
{%- endmacro %}


{#- The exports of this build: their file is listed, and they are not synthetic where `include_synthetic` is false. The
    list is read from stg_exports, so it is empty when dbt parses and in an empty warehouse. `filters` has the answers
    that the rows of an export have, by column; `first_alike` is the first export with the same questions. -#}
{% macro included_exports() %}
    {%- set relation = load_relation(ref('stg_exports')) if execute else none -%}
    {%- if not relation -%}{{ return([]) }}{%- endif -%}
    {%- set filters = {} -%}
    {%- for row in run_query('select export_id, unnest(filters, recursive := true) from ' ~ relation).rows -%}
        {%- do filters.setdefault(row[0], {}).setdefault(row[1], []).append(row[2]) -%}
    {%- endfor -%}
    {%- set exports = [] -%}
    {%- set query -%}
        select export_id, respondent_column, file_id, coalesce(first_export_id, export_id)
        from {{ relation }}
        left join {{ first_alike() }} using (export_id)
        order by export_id
    {%- endset -%}
    {%- for row in run_query(query).rows -%}
        {%- do exports.append({
            'export_id': row[0], 'respondent_column': row[1], 'file': row[2], 'first_alike': row[3],
            'filters': filters.get(row[0], {})
        }) -%}
    {%- endfor -%}
    {{ return(exports) }}
{% endmacro %}
