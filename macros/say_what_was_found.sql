{#- At the end of a build, tells the user what dbt does not say: which disk is full, that memory was short or the file is
    damaged, which cells break a rule of the codebook, which exports are not in the results, and which activities go
    against the others. -#}
{% macro say_what_was_found(results) %}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- set without_room = [] -%}
        {%- for result in results if 'No space left on device' in (result.message or '') -%}
            {%- do without_room.append(result.node.name) -%}
        {%- endfor -%}
        {%- set without_memory = [] -%}
        {%- for result in results if 'Out of Memory' in (result.message or '') or 'MemoryError' in (result.message or '') -%}
            {%- do without_memory.append(result.node.name) -%}
        {%- endfor -%}
        {%- set damaged = [] -%}
        {%- for result in results if 'Corrupt database file' in (result.message or '')
            or 'Could not read enough bytes' in (result.message or '') -%}
            {%- do damaged.append(result.node.name) -%}
        {%- endfor -%}
        {%- if without_room -%}
            {%- do say_that_the_disk_is_full(without_room) -%}
        {%- elif without_memory -%}
            {%- do print(
                'This machine had too little memory for ' ~ without_memory[0] ~ '. What was published before stays as it '
                ~ 'was. Close other programs, or build with fewer threads (dbt build --threads 1), and build again.'
            ) -%}
        {%- elif damaged -%}
            {%- do print(
                target.path ~ ' is damaged, as after a disk that was full or a copy that broke off. What was published '
                ~ 'before stays as it was. `coproduction reset` sets the file aside, and the next build makes a new one.'
            ) -%}
        {%- else -%}
            {%- do say_which_rules_are_broken(results) -%}
            {%- do say_who_is_left_out(results) -%}
            {%- do say_what_goes_against_the_others(results) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- Prints one line in place of dbt's message for each node. -#}
{% macro say_that_the_disk_is_full(names) %}
    {%- do print(
        'The disk of ' ~ target.path ~ ' is full: ' ~ (names | length) ~ ' step(s) of the build had no room, ' ~ names[0]
        ~ ' first. What was published before stays as it was. Make room on that disk, or put the warehouse '
        ~ 'elsewhere with the environment variable COPRODUCTION_WAREHOUSE, and build again: nothing else is to be done.'
    ) -%}
{% endmacro %}


{#- For each rule of the codebook that an export breaks: the file, the column, the values, what is allowed, what to do. -#}
{% macro say_which_rules_are_broken(results) %}
    {%- set failed = [] -%}
    {%- for result in results if result.status in ['fail', 'error', 'warn'] and 'expectation_results' in result.node.name -%}
        {%- do failed.append(result.status) -%}
    {%- endfor -%}
    {%- set relation = adapter.get_relation(target.database, 'quality', 'expectation_results') if failed else none -%}
    {%- set remains = 'Its export is left out.' if 'warn' in failed else 'Nothing after the check was built.' -%}
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
{% endmacro %}


{#- Prints a line for each export that is left out, because a reader cannot see that a council is missing. -#}
{% macro say_who_is_left_out(results) %}
    {%- for result in results if result.node.name == 'rpt_exports' and result.status == 'success' -%}
        {%- set query -%}
            select export_id, council_label, reason from {{ result.node.relation_name }} where is_left_out order by all
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- do print('NOT IN THESE RESULTS: ' ~ row[1] ~ ', export ' ~ row[0] ~ ', ' ~ row[2] ~ '. See reports.rpt_exports.') -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}


{#- Prints a line for each activity that goes against the others of its index: it is built and published nevertheless,
    because only somebody who reads the question can tell a wrong code from an unusual answer. -#}
{% macro say_what_goes_against_the_others(results) %}
    {%- for result in results if result.node.name == 'rpt_index_quality' and result.status == 'success' -%}
        {%- set query -%}
            select distinct council_label, theme_label, item_id from {{ result.node.relation_name }}
            where is_contrary order by all
        {%- endset -%}
        {%- for row in run_query(query).rows -%}
            {%- do print(
                'LOOK AT THE CODING: ' ~ row[0] ~ ', ' ~ row[1] ~ ', ' ~ row[2] ~ ': people who do this do fewer of the other '
                ~ 'activities. Its answers may be coded the wrong way round. See reports.rpt_index_quality.'
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}
