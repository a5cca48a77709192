{#- After a build: for each rule of the codebook that an export breaks, the file, the column, the values, what is allowed
    and what to do. dbt itself only says that a test failed. Of a full disk it says so once for every node. -#}
{% macro say_what_was_found(results) %}
    {%- if not execute or flags.WHICH not in ['build', 'run', 'test'] -%}{{ return('') }}{%- endif -%}
    {%- set full = [] -%}
    {%- for result in results if 'No space left on device' in (result.message or '') -%}
        {%- do full.append(result.node.name) -%}
    {%- endfor -%}
    {%- if full -%}
        {%- do print(
            'The disk of ' ~ target.path ~ ' is full: ' ~ (full | length) ~ ' step(s) of the build had no room, ' ~ full[0]
            ~ ' first. What was published before stays as it was. Make room on that disk, or put the warehouse '
            ~ 'elsewhere with the environment variable COPRODUCTION_WAREHOUSE, and build again: nothing else is to be done.'
        ) -%}
        {{ return('') }}
    {%- endif -%}
    {%- set failed = [] -%}
    {%- for result in results if result.status in ['fail', 'error', 'warn'] and 'expectation_results' in result.node.name -%}
        {%- do failed.append(result) -%}
    {%- endfor -%}
    {%- set relation = adapter.get_relation(target.database, 'quality', 'expectation_results') if failed else none -%}
    {%- set remains = 'Its export is left out.' if failed and failed[0].status == 'warn' else 'Nothing after the check was built.' -%}
    {%- set query -%}
        select export_id, column_name, expectation_id, n_unexpected, unexpected_sample, allowed_values
        from {{ relation }} where not success order by all
    {%- endset -%}
    {%- for row in (run_query(query).rows if relation else []) -%}
        {%- do print(
            'seeds/exports/' ~ row[0] ~ '.csv, column ' ~ row[1] ~ ': ' ~ row[3] ~ ' cell(s) break the rule '
            ~ row[2] ~ ': ' ~ row[4] ~ '. Allowed: ' ~ row[5] ~ '. Correct the file, or add the answer to '
            ~ 'seeds/codebook/answers.csv, or tolerate it for a stated reason in seeds/codebook/tolerated_answers.csv. '
            ~ '`coproduction check` names the line. ' ~ remains ~ ' quality.answer_profile shows every label that was found.'
        ) -%}
    {%- endfor -%}
    {%- for result in results if result.node.name == 'rpt_exports' and result.status == 'success' -%}
        {%- set query -%}
            select export_id, council_label, reason from {{ result.node.relation_name }} where reason like 'left out%' order by all
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- do print('NOT IN THESE RESULTS: ' ~ row[1] ~ ', export ' ~ row[0] ~ ', ' ~ row[2] ~ '. See reports.rpt_exports.') -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}
