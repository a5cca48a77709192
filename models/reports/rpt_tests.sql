-- One row per estimate that belongs to a family of tests: its p before adjustment, and whether it is withheld.
{{ config(materialized='view') }}
{%- set in_reports = [
    ('correlates', p_value_of_stars(), ['construct_id', 'outcome_id', 'method_id']),
    ('joint_correlates', 'p_value', ['construct_id', 'outcome_id', 'model_id', 'missing_id']),
    ('nudge_effects', 'headline_p_value', ['outcome_id', 'contrast_id', 'model_id']),
    ('staff_gaps', 'headline_p_value', ['measure_id']),
    ('changes', 'p_value', ['earlier_wave_id', 'measure_id', 'sample_id']),
    ('thresholds', 'p_value', ['construct_id', 'outcome_id']),
] %}
{%- set in_no_report = [
    ('est_pooled', 'p_value', 'n_respondents'),
    ('est_outcome_gaps', 'headline_p_value', 'n_respondents'),
    ('est_location', 'p_value', 'n_smallest'),
] %}
with

{% for name, p_value, keys in in_reports -%}
{%- set keys = ['council_id', 'wave_id', 'theme_id', 'topic_id', 'weighting_id'] + keys -%}
{{ name }}_in_report as (
    select
        {{ keys | join(', ') }},
        is_withheld
    from {{ ref('rpt_' ~ name) }}
),

{{ name }} as (
    select
        *,
        {{ p_value }} as p_value_of_family
    from {{ ref('est_' ~ name) }}
    inner join {{ name }}_in_report using ({{ keys | join(', ') }})
),

{% endfor -%}
tests as (
    {%- for name, p_value, keys in in_reports %}
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        p_value_of_family as p_value,
        p_value_adjusted,
        is_withheld as is_result_withheld,
        {{ name == 'staff_gaps' }} as is_with_staff
    from {{ name }}
    where family_id is not null
    union all
    {%- endfor %}
    {%- for estimates, p_value, n_base in in_no_report %}
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        {{ p_value }} as p_value,
        p_value_adjusted,
        coalesce({{ n_base }} < {{ var('minimum_base') }}, true) as is_result_withheld,
        false as is_with_staff
    from {{ ref(estimates) }}
    where family_id is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- Pools and comparisons of areas are about all councils, and so their families run over all studies.
final as (
    select
        tests.*,
        coalesce(studies.study_id, 'all') as study_id
    from tests
    left join {{ ref('dim_study') }} as studies using (council_id, wave_id)
)

select * from final
