-- One row per compared pair of waves, theme, topic, measure, sample and weighting: how much the level rose or fell.
with

changes as (
    select * from {{ ref('est_changes') }}
),

measures as (
    select * from {{ ref('dim_measure') }}
),

pairs as (
    select * exclude (comparison_id) from {{ ref('dim_wave_pair') }}
),

compared as (
    select * exclude (is_outcome) from {{ ref('dim_compared_measure') }}
),

plan as (
    select
        * exclude (n_both, is_withheld),
        is_withheld as are_levels_withheld
    from {{ ref('plan_changes') }}
),

weights as (
    select * from {{ ref('plan_weighted_levels') }}
    where breakdown_id = 'all'
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

samples as (
    {{ labels_of('sample_id') }}
),

weightings as (
    {{ labels_of('weighting_id') }}
),

comparisons as (
    {{ labels_of('comparison_id') }}
),

decided as (
    select
        changes.*,
        pairs.* exclude (council_id, earlier_wave_id, wave_id, n_both, are_same_people),
        compared.caution_id,
        changes.weighting_id = 'weighted' and (
            weights.are_weights_withheld
            or earlier_weights.are_weights_withheld
            -- How many of a raked category changed is one count more that the covariance of the same people reveals.
            or changes.sample_id <> 'independent' and (weights.is_raked or earlier_weights.is_raked)
        )
        or changes.weighting_id = 'earlier_margin' and plan.is_margin_withheld
        or case changes.sample_id
            when 'overlapping' then plan.is_overlap_withheld
            when 'same_people' then plan.are_same_people_withheld
            else false
        end as is_part_withheld,
        case
            when not (plan.are_levels_withheld or is_part_withheld)
                then case changes.sample_id when 'same_people' then changes.n_both else least(n_earlier, n_later) end
        end as n_shown,
        {{ effective_base('n_shown', 'changes.n_effective') }} as n_base
    from changes
    inner join pairs using (council_id, earlier_wave_id, wave_id)
    inner join compared using (council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id)
    inner join plan using (council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id)
    inner join weights using (council_id, wave_id, theme_id, topic_id, measure_id)
    inner join weights as earlier_weights using (council_id, theme_id, topic_id, measure_id)
    where earlier_weights.wave_id = changes.earlier_wave_id
),

-- A change of a percentage is in points, and a change of a score in its unit.
in_units as (
    select
        decided.*,
        measures.measure_label,
        case
            when measures.unit_minimum = 0 and measures.unit_maximum = 100
                then {{ label_of('quantity_id', 'gap', 'unit_label') }}
            else measures.unit_label
        end as unit_label,
        measures.unit_minimum,
        measures.unit_maximum - measures.unit_minimum as unit_range,
        measures.decimals as level_decimals,
        measures.decimals + 1 as decimals,
        bool_or(sample_id = 'overlapping' and n_base >= {{ var('minimum_base') }}) over (
            partition by council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id, weighting_id
        ) as has_overlapping
    from decided
    inner join measures using (measure_id)
),

final as (
    select
        survey_topics.* exclude (provenance),
        earlier_wave_id,
        earlier_wave_label,
        wave_label,
        wave_order,
        comparison_id,
        coalesce(comparison_label, comparison_id) as comparison_label,
        measure_id,
        measure_label,
        sample_id,
        coalesce(sample_label, sample_id) as sample_label,
        weighting_id,
        coalesce(weighting_label, weighting_id) as weighting_label,
        weighting_id = 'unweighted' and sample_id = case when has_overlapping then 'overlapping' else 'independent' end
            as is_headline,
        {{ reported('unit_minimum + unit_range * earlier_level', 'level_decimals') }} as earlier_level,
        {{ reported('unit_minimum + unit_range * later_level', 'level_decimals') }} as later_level,
        {{ reported('unit_range * estimate', 'in_units.decimals') }} as estimate,
        {{ printed(reported('unit_range * estimate', 'in_units.decimals'), 'in_units.decimals') }}
        || {{ reported_stars('p_value') }} as estimate_label,
        {{ reported_stars('p_value') }} as stars,
        in_units.unit_label,
        {{ unless_withheld('n_shown') }} as n_respondents,
        {{ unless_withheld('n_earlier') }} as n_earlier,
        {{ unless_withheld('n_later') }} as n_later,
        {{ unless_withheld('n_effective') }} as n_effective,
        {{ reported('unit_range * ci_lower', 'in_units.decimals') }} as ci_lower,
        {{ reported('unit_range * ci_upper', 'in_units.decimals') }} as ci_upper,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ base_flags(respondents='n_shown') }},
        {{ unless_withheld('reason') }} as reason,
        case caution_id
            when 'other_words' then {{ sentence('caution_other_words') }}
            when 'other_dont_know' then {{ sentence('caution_other_dont_know') }}
        end as caution,
        greatest(survey_topics.provenance, earlier_topics.provenance) as provenance
    from in_units
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join survey_topics as earlier_topics using (council_id, theme_id, topic_id)
    left join samples using (sample_id)
    left join weightings using (weighting_id)
    left join comparisons using (comparison_id)
    where earlier_topics.wave_id = in_units.earlier_wave_id
)

select * from final
