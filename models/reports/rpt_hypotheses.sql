-- One row per hypothesis, council, wave and theme (`all` where it is about all of them): what was expected, what was
-- found, and the verdict in words.
with

gaps as (
    select * from {{ ref('est_outcome_gaps') }}
    where topic_id = 'all' and n_respondents >= {{ var('minimum_base') }} and estimate is not null
),

levels as (
    select * from {{ ref('est_levels') }}
    where
        breakdown_id = 'all' and topic_id = 'all' and weighting_id = 'unweighted'
        and measure_id in ('individual_index', 'collective_participation')
        and n_respondents >= {{ var('minimum_base') }}
),

correlates as (
    select * from {{ ref('rpt_correlates') }}
    where method = 'pearson' and weighting_id = 'unweighted' and estimate is not null
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

councils as (
    select * from {{ ref('dim_council') }}
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
        case
            when gaps.p_value <= 0.05 and gaps.estimate > 0 then 'supported'
            when gaps.p_value <= 0.05 and gaps.estimate < 0 then 'contradicted'
            else 'not settled'
        end as verdict,
        'The individual index is ' || {{ printed('abs(100 * gaps.estimate)', 1) }} || ' points '
        || case when gaps.estimate >= 0 then 'above' else 'below' end
        || ' collective participation among ' || gaps.n_respondents || ' respondents.'
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

levels_by_area as (
    select
        levels.wave_id,
        levels.theme_id,
        levels.measure_id,
        avg(100 * levels.estimate) filter (where councils.area_type = 'metropolitan') as metropolitan,
        avg(100 * levels.estimate) filter (where councils.area_type <> 'metropolitan') as elsewhere,
        count(*) filter (where councils.area_type = 'metropolitan') as n_metropolitan,
        count(*) filter (where councils.area_type <> 'metropolitan') as n_elsewhere,
        max(surveys.provenance) as provenance
    from levels
    inner join councils on levels.council_id = councils.council_id
    inner join surveys
        on
            levels.council_id = surveys.council_id
            and levels.wave_id = surveys.wave_id
    where levels.estimate is not null
    group by levels.wave_id, levels.theme_id, levels.measure_id
),

-- The areas are the units: how many ways there are to say which of them are metropolitan, and so the smallest p that an
-- exact test could give. Where both groups are equally many, every arrangement has a mirror image.
arrangements as (
    select
        *,
        n_metropolitan + n_elsewhere as n_areas,
        case
            when n_metropolitan + n_elsewhere <= 20
                then
                    cast(
                        factorial(cast(n_metropolitan + n_elsewhere as integer))
                        / (factorial(cast(n_metropolitan as integer)) * factorial(cast(n_elsewhere as integer))) as bigint
                    )
        end as n_arrangements,
        case when n_metropolitan = n_elsewhere then 2 else 1 end as n_as_extreme
    from levels_by_area
    where n_metropolitan > 0 and n_elsewhere > 0
),

location_pattern as (
    select
        case measure_id
            when 'individual_index' then 'metropolitan_below_others_individual'
            else 'metropolitan_below_others_collective'
        end as hypothesis_id,
        'all' as council_id,
        wave_id,
        theme_id,
        case measure_id
            when 'individual_index' then 'Individual co-production is lower in metropolitan areas than elsewhere'
            else 'Collective co-production is lower in metropolitan areas than elsewhere'
        end as statement,
        'metropolitan areas below free-standing cities and rural areas' as expected,
        'described, not tested: ' || n_areas || ' areas' || coalesce(
            ' can be arranged in ' || n_arrangements || ' ways, so no exact two-sided p could be below '
            || {{ printed('n_as_extreme / n_arrangements', 2) }},
            ''
        ) as test,
        {{ round_half_away('metropolitan - elsewhere', 1) }} as estimate,
        cast(null as double) as ci_lower,
        cast(null as double) as ci_upper,
        cast(null as double) as p_value,
        case
            when metropolitan < elsewhere then 'in the expected direction'
            else 'not in the expected direction'
        end as verdict,
        {{ printed('metropolitan', 0) }} || ' per cent on average in ' || n_metropolitan || ' metropolitan area(s), '
        || {{ printed('elsewhere', 0) }} || ' per cent in ' || n_elsewhere || ' other area(s).' as in_words,
        provenance
    from arrangements
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
