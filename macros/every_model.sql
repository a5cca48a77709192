{#- Makes a model wait for every other model of the project, and so for every test. The names come from the plugin, which
    looks at the folders before dbt parses: a list of names would be forgotten one day, and with it a test. -#}
{% macro wait_for_every_model() %}
    {%- for name in env_var('COPRODUCTION_MODELS', '').split() -%}
        {%- do ref(name) -%}
    {%- endfor -%}
{% endmacro %}
