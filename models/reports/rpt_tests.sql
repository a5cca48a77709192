-- One row per estimate that belongs to a family of tests: its p before adjustment, and the number of respondents from
-- whom it is computed.
{{ config(materialized='view') }}
{%- set tests = [
    ('correlates', p_value_of_stars(), 'n_base'),
    ('joint_correlates', 'p_value', 'n_base'),
    ('nudge_effects', 'headline_p_value', 'n_base'),
    ('staff_gaps', 'headline_p_value', 'n_base'),
    ('changes', 'p_value', 'n_base'),
    ('est_pooled', 'p_value', 'n_respondents'),
    ('est_thresholds', 'p_value', 'n_respondents'),
    ('est_outcome_gaps', 'headline_p_value', 'n_respondents'),
    ('est_location', 'p_value', 'n_smallest'),
] %}
with

plan_of_correlates as (
    select * exclude (n_respondents) from {{ ref('plan_correlates') }}
),

correlates as (
    select
        *,
        case
            when not is_withheld and (weighting_id = 'unweighted' or not are_weights_withheld)
                then {{ effective_base('n_respondents', 'n_effective') }}
        end as n_base
    from {{ ref('est_correlates') }}
    inner join plan_of_correlates using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
    inner join {{ ref('plan_weights') }} using (council_id, wave_id)
),

joint_correlates as (
    select
        *,
        case
            when not is_withheld and (weighting_id = 'unweighted' or not are_weights_withheld)
                then {{ effective_base('n_respondents', 'n_effective') }}
        end as n_base
    from {{ ref('est_joint_correlates') }}
    inner join {{ ref('plan_joint_correlates') }}
        using (council_id, wave_id, theme_id, topic_id, outcome_id, construct_id, missing_id, weighting_id)
    inner join {{ ref('plan_weights') }} using (council_id, wave_id)
),

nudge_effects as (
    select
        *,
        case
            when
                not list_has_any(withheld_arms, ['none', contrast_id])
                and (weighting_id = 'unweighted' or not are_weights_withheld)
                then {{ effective_base('least(n_arm, n_control)', 'least(n_effective_arm, n_effective_control)') }}
        end as n_base
    from {{ ref('est_nudge_effects') }}
    inner join {{ ref('plan_experiments') }} using (council_id, wave_id, theme_id, topic_id, outcome_id)
    inner join {{ ref('plan_weights') }} using (council_id, wave_id)
),

staff_gaps as (
    select
        *,
        case when not is_withheld then least(n_staff, n_citizens) end as n_base
    from {{ ref('est_staff_gaps') }}
    inner join {{ ref('plan_staff') }} using (council_id, wave_id, theme_id, topic_id, measure_id)
),

plan_of_changes as (
    select
        * exclude (n_both, is_withheld),
        is_withheld as are_levels_withheld
    from {{ ref('plan_changes') }}
),

earlier_weights as (
    select
        council_id,
        wave_id as earlier_wave_id,
        are_weights_withheld as are_earlier_weights_withheld
    from {{ ref('plan_weights') }}
),

changes as (
    select
        *,
        case
            when
                not are_levels_withheld
                and not case sample_id
                    when 'overlapping' then is_overlap_withheld
                    when 'same_people' then are_same_people_withheld
                    else false
                end
                and not (weighting_id = 'earlier_margin' and is_margin_withheld)
                and not (weighting_id = 'weighted' and (are_weights_withheld or are_earlier_weights_withheld))
                then {{ effective_base('least(n_earlier, n_later)', 'n_effective') }}
        end as n_base
    from {{ ref('est_changes') }}
    inner join plan_of_changes using (council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id)
    inner join {{ ref('plan_weights') }} using (council_id, wave_id)
    inner join earlier_weights using (council_id, earlier_wave_id)
),

tests as (
    {%- for estimates, p_value, n_base in tests %}
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        {{ p_value }} as p_value,
        p_value_adjusted,
        cast(floor({{ n_base }}) as bigint) as n_base,
        {{ estimates == 'staff_gaps' }} as is_with_staff
    from {{ ref(estimates) if estimates.startswith('est_') else estimates }}
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
