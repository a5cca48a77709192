-- One row per hypothesis, council, wave and theme (`all` if it is about all of them): the prediction, the result and
-- the verdict in words.
with

plan as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        is_withheld
    from {{ ref('plan_groups') }}
    where breakdown_id = 'all'
),

-- A comparison of two outcomes needs both levels.
plan_of_gaps as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        bool_or(is_withheld) as is_a_level_withheld
    from plan
    inner join {{ ref('dim_measure') }} as measures using (measure_id)
    where measures.is_outcome
    group by all
),

-- A comparison of areas needs the level of each.
plan_of_areas as (
    select
        wave_id,
        theme_id,
        measure_id,
        bool_or(is_withheld) as is_an_area_withheld
    from {{ ref('plan_pooled') }}
    where council_id = 'all' and measure_id is not null
    group by all
),

gaps as (
    select
        * replace (headline_p_value as p_value),
        {{ filled('case when estimate >= 0 then ' ~ sentence('gap_above') ~ ' else ' ~ sentence('gap_below') ~ ' end', {
            'points': printed('abs(100 * estimate)', 1), 'n_respondents': at_least('n_respondents')
        }) }} as gap_in_words
    from {{ ref('est_outcome_gaps') }}
    inner join plan_of_gaps using (council_id, wave_id, theme_id, topic_id)
    where
        topic_id = 'all'
        and n_respondents >= {{ var('minimum_base') }}
        and estimate is not null
        and not is_a_level_withheld
),

-- Areas with too few respondents are left out, because the mean and the other areas would reveal their level.
patterns as (
    select * from {{ ref('est_location') }}
    inner join plan_of_areas using (wave_id, theme_id, measure_id)
    where
        n_metropolitan > 0
        and n_elsewhere > 0
        and n_smallest >= {{ var('minimum_base') }}
        and not is_an_area_withheld
),

correlate_areas as (
    select * from {{ ref('rpt_correlate_areas') }}
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

hypotheses as (
    {{ labels_of('hypothesis_id') }}
),

verdicts as (
    {{ labels_of('verdict_id') }}
),

individual_above_collective as (
    select
        *,
        'individual_above_collective' as hypothesis_id,
        case
            when p_value <= 0.05 and estimate > 0 then 'supported'
            when p_value <= 0.05 and estimate < 0 then 'contradicted'
            else 'not_settled'
        end as verdict_id,
        {{ sentence('gap_expected') }} as expected,
        {{ sentence('gap_test') }} as test,
        -- The index averages several activities and participation is one question, so two fairer comparisons follow.
        coalesce({{ sentence('gap_fairer', {
            'gap': 'gap_in_words', 'any_activity': printed('100 * share_any_activity', 0),
            'median_item': printed('100 * median_item_share', 0),
            'groups': printed('100 * (share_any_activity - any_activity_gap)', 0),
        }) }}, gap_in_words) as in_words
    from gaps
),

metropolitan_below_others as (
    select
        *,
        'metropolitan_below_others_' || split_part(measure_id, '_', 1) as hypothesis_id,
        case
            when p_value <= 0.05 and estimate < 0 then 'supported'
            when p_value <= 0.05 then 'contradicted'
            when p_value is not null then 'not_settled'
            when estimate < 0 then 'as_expected'
            else 'not_as_expected'
        end as verdict_id,
        {{ sentence('location_expected') }} as expected,
        -- The areas are the units: the number of ways to choose the metropolitan ones limits how small p can be.
        coalesce(
            {{ sentence('location_test', {'n_areas': 'n_areas', 'p_value_type': 'p_value_type'}) }},
            {{ sentence('location_not_tested', {
                'n_areas': 'n_areas', 'n_arrangements': printed('n_arrangements', 0),
                'smallest_p_value': printed('smallest_p_value', 2),
            }) }}
        ) as test,
        {{ sentence('location_found', {
            'metropolitan': printed('100 * metropolitan_level', 0), 'n_metropolitan': 'n_metropolitan',
            'elsewhere': printed('100 * elsewhere_level', 0), 'n_elsewhere': 'n_elsewhere',
        }) }} as in_words
    from patterns
),

found as (
    select * from individual_above_collective
    union all by name
    select * from metropolitan_below_others
),

final as (
    select
        hypothesis_id,
        council_id,
        wave_id,
        theme_id,
        hypotheses.hypothesis_label as statement,
        found.expected,
        found.test,
        {{ round_half_away('100 * found.estimate', 1) }} as estimate,
        {{ round_half_away('100 * found.ci_lower', 1) }} as ci_lower,
        {{ round_half_away('100 * found.ci_upper', 1) }} as ci_upper,
        {{ three_digits('found.p_value') }} as p_value,
        {{ three_digits('found.p_value_adjusted') }} as p_value_adjusted,
        verdicts.verdict_label as verdict,
        found.in_words,
        survey_topics.provenance
    from found
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join hypotheses using (hypothesis_id)
    inner join verdicts using (verdict_id)
    union all by name
    select
        * exclude (n_positive),
        'all' as council_id,
        'all' as theme_id,
        n_positive as estimate
    from correlate_areas
)

select * from final
