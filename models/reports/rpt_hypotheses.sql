-- One row per hypothesis, council, wave and theme (`all` where it is about all of them): what was expected, what was
-- found, and the verdict in words.
with

gaps as (
    select * from {{ ref('est_outcome_gaps') }}
    where topic_id = 'all' and n_respondents >= {{ var('minimum_base') }} and estimate is not null
),

patterns as (
    select * from {{ ref('est_location') }}
    where
        n_metropolitan > 0 and n_elsewhere > 0
        -- One area with too few respondents would be known from the average and the others.
        and n_smallest >= {{ var('minimum_base') }}
),

correlates as (
    select * from {{ ref('rpt_correlates') }}
    where method_id = 'pearson' and weighting_id = 'unweighted' and estimate is not null
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

provenances as (
    select
        wave_id,
        -- One synthetic council makes the comparison synthetic.
        max(provenance) as provenance
    from surveys
    group by wave_id
),

individual_above_collective as (
    select
        'individual_above_collective' as hypothesis_id,
        gaps.council_id,
        gaps.wave_id,
        gaps.theme_id,
        'Individual co-production is higher than collective co-production' as statement,
        'individual index above collective participation' as expected,
        'paired t test within respondents, in points of 0-100' as test,
        {{ round_half_away('100 * gaps.estimate', 1) }} as estimate,
        {{ round_half_away('100 * gaps.ci_lower', 1) }} as ci_lower,
        {{ round_half_away('100 * gaps.ci_upper', 1) }} as ci_upper,
        {{ three_digits('gaps.p_value') }} as p_value,
        {{ three_digits('gaps.p_value_adjusted') }} as p_value_adjusted,
        case
            when gaps.p_value <= 0.05 and gaps.estimate > 0 then 'supported'
            when gaps.p_value <= 0.05 and gaps.estimate < 0 then 'contradicted'
            else 'not settled'
        end as verdict,
        'The individual index is ' || {{ printed('abs(100 * gaps.estimate)', 1) }} || ' points '
        || case when gaps.estimate >= 0 then 'above' else 'below' end
        || ' collective participation among at least ' || {{ at_least('gaps.n_respondents') }} || ' respondents.'
        -- The index averages several activities, taking part in groups is one question: two fairer comparisons beside it.
        || coalesce(
            ' ' || {{ printed('100 * gaps.share_any_activity', 0) }} || ' per cent do any of the activities, '
            || {{ printed('100 * gaps.median_item_share', 0) }} || ' per cent the activity in the middle, '
            || {{ printed('100 * (gaps.share_any_activity - gaps.any_activity_gap)', 0) }}
            || ' per cent take part in groups.',
            ''
        ) as in_words,
        surveys.provenance
    from gaps
    inner join surveys
        on
            gaps.council_id = surveys.council_id
            and gaps.wave_id = surveys.wave_id
),

location_pattern as (
    select
        case patterns.measure_id
            when 'individual_index' then 'metropolitan_below_others_individual'
            else 'metropolitan_below_others_collective'
        end as hypothesis_id,
        'all' as council_id,
        patterns.wave_id,
        patterns.theme_id,
        case patterns.measure_id
            when 'individual_index' then 'Individual co-production is lower in metropolitan areas than elsewhere'
            else 'Collective co-production is lower in metropolitan areas than elsewhere'
        end as statement,
        'metropolitan areas below free-standing cities and rural areas' as expected,
        -- The areas are the units; how many ways there are to say which of them are metropolitan bounds the p.
        case
            when patterns.p_value is not null
                then 'permutation of ' || patterns.n_areas || ' areas, two-sided (' || patterns.p_value_type || ')'
            else
                'described, not tested: ' || patterns.n_areas || ' areas can be arranged in '
                || {{ printed('patterns.n_arrangements', 0) }} || ' ways, so no exact two-sided p could be below '
                || {{ printed('patterns.smallest_p_value', 2) }}
        end as test,
        {{ round_half_away('100 * patterns.estimate', 1) }} as estimate,
        cast(null as double) as ci_lower,
        cast(null as double) as ci_upper,
        {{ three_digits('patterns.p_value') }} as p_value,
        {{ three_digits('patterns.p_value_adjusted') }} as p_value_adjusted,
        case
            when patterns.p_value <= 0.05 and patterns.estimate < 0 then 'supported'
            when patterns.p_value <= 0.05 then 'contradicted'
            when patterns.p_value is not null then 'not settled'
            when patterns.estimate < 0 then 'in the expected direction'
            else 'not in the expected direction'
        end as verdict,
        {{ printed('100 * patterns.metropolitan_level', 0) }} || ' per cent on average in ' || patterns.n_metropolitan
        || ' metropolitan area(s), ' || {{ printed('100 * patterns.elsewhere_level', 0) }} || ' per cent in '
        || patterns.n_elsewhere || ' other area(s).' as in_words,
        provenances.provenance
    from patterns
    inner join provenances on patterns.wave_id = provenances.wave_id
),

-- The paper counts areas: a theme of a council counts once, however many topics it asks about.
stars_by_area as (
    select
        outcome_id,
        outcome_label,
        construct_id,
        construct_label,
        wave_id,
        council_id,
        theme_id,
        bool_or(stars <> '' and estimate > 0) as is_positive,
        bool_or(stars <> '' and estimate < 0) as is_negative,
        max(provenance) as provenance
    from correlates
    group by all
),

counted_areas as (
    select
        outcome_id,
        outcome_label,
        construct_id,
        construct_label,
        wave_id,
        count(*) as n_areas,
        count(*) filter (where is_positive) as n_positive,
        count(*) filter (where is_negative) as n_negative,
        max(provenance) as provenance
    from stars_by_area
    group by all
),

correlate_counts as (
    select
        'correlate_' || construct_id || '_' || outcome_id as hypothesis_id,
        'all' as council_id,
        wave_id,
        'all' as theme_id,
        construct_label || ' goes with ' || lower(outcome_label) as statement,
        'a correlation that is significant at the 5 per cent level' as expected,
        'areas counted by the stars of their correlations; one in twenty is expected by chance' as test,
        n_positive as estimate,
        cast(null as double) as ci_lower,
        cast(null as double) as ci_upper,
        cast(null as double) as p_value,
        cast(null as double) as p_value_adjusted,
        'positive in ' || n_positive || ' of ' || n_areas || ', negative in ' || n_negative as verdict,
        construct_label || ' and ' || lower(outcome_label) || ': significantly positive in ' || n_positive
        || ' of ' || n_areas || ' areas, significantly negative in ' || n_negative || '.' as in_words,
        provenance
    from counted_areas
),

final as (
    select * from individual_above_collective
    union all
    select * from location_pattern
    union all
    select * from correlate_counts
)

select * from final
order by hypothesis_id, council_id, wave_id, theme_id
