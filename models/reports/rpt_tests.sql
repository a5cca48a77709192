-- One row per estimate that belongs to a family of tests: its p before adjustment, and the number of respondents from
-- whom it is computed.
{{ config(materialized='view') }}
{%- set tests = [
    ('est_correlates', p_value_of_stars(), effective_base('n_respondents', 'n_effective')),
    ('est_joint_correlates', 'p_value', effective_base('n_respondents', 'n_effective')),
    (
        'est_nudge_effects',
        'headline_p_value',
        effective_base('least(n_arm, n_control)', 'least(n_effective_arm, n_effective_control)')
    ),
    ('est_pooled', 'p_value', 'n_respondents'),
    ('est_staff_gaps', 'headline_p_value', 'least(n_staff, n_citizens)'),
    ('est_changes', 'p_value', effective_base('least(n_earlier, n_later)', 'n_effective')),
    ('est_thresholds', 'p_value', 'n_respondents'),
    ('est_outcome_gaps', 'headline_p_value', 'n_respondents'),
    ('est_location', 'p_value', 'n_smallest'),
] %}
with

final as (
    {%- for estimate, p_value, n_base in tests %}
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        {{ p_value }} as p_value,
        p_value_adjusted,
        cast(floor({{ n_base }}) as bigint) as n_base,
        {{ estimate == 'est_staff_gaps' }} as is_with_staff
    from {{ ref(estimate) }}
    where family_id is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
