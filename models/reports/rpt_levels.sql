-- One row per council, wave, theme, topic, measure and breakdown: the level in per cent, as in Table 2 of the paper.
with

levels as (
    select
        estimates.*,
        -- Measures of one construct, such as often and sometimes, divide the same respondents.
        measures.construct_id as question_id,
        measures.measure_label,
        measures.unit_label,
        {%- for column in ['estimate', 'ci_lower', 'ci_upper'] %}
        measures.unit_minimum + (measures.unit_maximum - measures.unit_minimum) * estimates.{{ column }} as {{ column }}_in_unit,
        {%- endfor %}
        measures.decimals
    from {{ ref('est_levels') }} as estimates
    inner join {{ ref('dim_measure') }} as measures using (measure_id)
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

breakdowns as (
    {{ labels_of('breakdown_id') }}
),

-- The groups of a breakdown exclude each other, so subtracting all groups but one from the whole reveals that one.
groups as (
    {{ withheld_parts(
        'levels',
        whole=['council_id', 'wave_id', 'theme_id', 'question_id', 'breakdown_id'],
        parts=['breakdown_value'],
        measured=['topic_id', 'measure_id']
    ) | indent(4) }}
),

protected as (
    select
        *,
        case when breakdown_id = 'all' or not is_part_withheld then n_respondents end as n_shown,
        {{ effective_base('n_shown', 'n_effective') }} as n_base
    from groups
),

final as (
    select
        survey_topics.*,
        measure_id,
        measure_label,
        breakdown_id,
        coalesce(breakdown_label, breakdown_id) as breakdown_label,
        breakdown_value,
        weighting_id,
        {{ reported('estimate_in_unit', 'protected.decimals') }} as estimate,
        {{ printed(reported('estimate_in_unit', 'protected.decimals'), 'protected.decimals') }} as estimate_label,
        '' as stars,
        protected.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_effective') }} as n_effective,
        {{ reported('ci_lower_in_unit', 'protected.decimals') }} as ci_lower,
        {{ reported('ci_upper_in_unit', 'protected.decimals') }} as ci_upper,
        {{ base_flags(respondents='n_shown') }},
        {{ unless_withheld('reason') }} as reason
    from protected
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join breakdowns using (breakdown_id)
)

select * from final
