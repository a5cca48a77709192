-- One row per printed cell of the paper whose survey is in this build, dashes included: the printed number and the
-- number that the warehouse computes.
with

cells as (
    select
        * replace (
            -- The legend of the paper's tables has two levels, so three stars are read as two.
            left(coalesce(printed_stars, ''), 2) as printed_stars
        ),
        table_number in ('3', '4', '5') as has_stars,
        row(outcome_id, measure_id, construct_id, contrast_id) as quantity
    from {{ ref('paper_cells') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

study_areas as (
    select * from {{ ref('rpt_study_areas') }}
),

levels as (
    select * from {{ ref('rpt_levels') }}
    where breakdown_id = 'all' and weighting_id = 'unweighted'
),

correlates as (
    select * from {{ ref('rpt_correlates') }}
    where method_id = 'pearson' and weighting_id = 'unweighted'
),

nudge_effects as (
    select * from {{ ref('rpt_nudge_effects') }}
    where model_id = 'dummies' and weighting_id = 'unweighted'
),

reported as (
    select * from study_areas
    union all by name
    select * from levels
    union all by name
    select * from correlates
    union all by name
    select * from nudge_effects
),

computed as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        row(outcome_id, measure_id, construct_id, contrast_id) as quantity,
        estimate as computed_value,
        stars
    from reported
),

compared as (
    select
        cells.*,
        computed_value,
        case when has_stars then stars end as computed_stars,
        -- Both are rounded to the same decimals, so a smaller difference is only binary rounding error.
        coalesce(abs(printed_value - computed_value) < 0.1 * power(10, -compared_decimals), false) as is_value_reproduced,
        surveys.provenance
    from cells
    inner join surveys using (council_id, wave_id)
    left join computed using (council_id, wave_id, theme_id, topic_id, quantity)
),

final as (
    select
        * exclude (has_stars, quantity)
        replace (case when printed_value is not null then is_value_reproduced end as is_value_reproduced),
        case when printed_value is not null and has_stars then coalesce(printed_stars = computed_stars, false) end
            as is_star_reproduced,
        case
            when printed_value is null and computed_value is null then 'dash_reproduced'
            when printed_value is null then 'dash_computed'
            when is_value_reproduced then 'reproduced'
            -- Another cell of the paper prints another number for the same quantity, and the warehouse reproduces that
            -- one.
            when bool_or(is_value_reproduced) over (partition by council_id, wave_id, theme_id, topic_id, quantity)
                then 'contradicts_other_cell'
            else 'not_reproduced'
        end as comparison_status
    from compared
)

select * from final
