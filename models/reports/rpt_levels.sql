-- One row per council, wave, theme, topic, measure and breakdown: the level in per cent, as in Table 2 of the paper.
with

levels as (
    select
        *,
        -- Often and sometimes exclude each other; together they are all who take part.
        case when starts_with(measure_id, 'collective_') then 'collective' else measure_id end as question_id
    from {{ ref('est_levels') }}
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

measures as (
    {{ labels_of('measure_id') }}
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
        breakdown_value,
        weighting_id,
        {{ reported('100 * estimate', 0) }} as estimate,
        {{ printed(reported('100 * estimate', 0), 0) }} as estimate_label,
        '' as stars,
        unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_effective') }} as n_effective,
        {{ reported('100 * ci_lower', 0) }} as ci_lower,
        {{ reported('100 * ci_upper', 0) }} as ci_upper,
        {{ base_flags(respondents='n_shown') }},
        {{ unless_withheld('reason') }} as reason
    from protected
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join measures using (measure_id)
)

select * from final
