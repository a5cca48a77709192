-- One row per printed cell of the paper whose survey is in this build, dashes included: the printed number beside the
-- one that the warehouse computes.
with

cells as (
    select * from {{ ref('paper_cells') }}
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

computed as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        cast(null as varchar) as outcome_id,
        measure_id,
        cast(null as varchar) as construct_id,
        cast(null as varchar) as contrast_id,
        estimate,
        stars
    from study_areas
    union all by name
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        estimate,
        stars
    from levels
    union all by name
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        construct_id,
        estimate,
        stars
    from correlates
    union all by name
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        contrast_id,
        estimate,
        stars
    from nudge_effects
),

compared as (
    select
        cells.table_number,
        cells.council_id,
        cells.wave_id,
        cells.theme_id,
        cells.topic_id,
        cells.outcome_id,
        cells.measure_id,
        cells.construct_id,
        cells.contrast_id,
        cells.printed_row_label,
        cells.printed_topic_label,
        cells.printed_label,
        cells.printed_value,
        cells.compared_decimals,
        -- The legend of the tables knows two levels; three stars are read as two.
        left(coalesce(cells.printed_stars, ''), 2) as printed_stars,
        computed.estimate as computed_value,
        case when cells.table_number in ('3', '4', '5') then computed.stars end as computed_stars,
        -- Both are rounded at the compared precision: what is left between them is binary noise.
        coalesce(
            abs(cells.printed_value - computed.estimate) < 0.1 * power(10, -cells.compared_decimals), false
        ) as is_value_reproduced,
        surveys.provenance
    from cells
    inner join surveys
        on
            cells.council_id = surveys.council_id
            and cells.wave_id = surveys.wave_id
    left join computed
        on
            cells.council_id = computed.council_id
            and cells.wave_id = computed.wave_id
            and cells.theme_id = computed.theme_id
            and cells.topic_id = computed.topic_id
            and cells.outcome_id is not distinct from computed.outcome_id
            and cells.measure_id is not distinct from computed.measure_id
            and cells.construct_id is not distinct from computed.construct_id
            and cells.contrast_id is not distinct from computed.contrast_id
),

contradicted as (
    select
        *,
        -- Another cell prints another number for the same thing, and that one is reproduced.
        bool_or(is_value_reproduced) over (
            partition by
                council_id, wave_id, theme_id, topic_id, outcome_id, measure_id, construct_id, contrast_id
        ) as is_same_thing_reproduced
    from compared
),

final as (
    select
        table_number,
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        measure_id,
        construct_id,
        contrast_id,
        printed_row_label,
        printed_topic_label,
        printed_value,
        printed_label,
        compared_decimals,
        printed_stars,
        computed_value,
        computed_stars,
        case when printed_value is not null then is_value_reproduced end as is_value_reproduced,
        case
            when printed_value is not null and table_number in ('3', '4', '5')
                then coalesce(printed_stars = computed_stars, false)
        end as is_star_reproduced,
        case
            when printed_value is null and computed_value is null then 'dash_reproduced'
            when printed_value is null then 'dash_computed'
            when is_value_reproduced then 'reproduced'
            when is_same_thing_reproduced then 'contradicts_other_cell'
            else 'not_reproduced'
        end as comparison_status,
        provenance
    from contradicted
)

select * from final
order by table_number, council_id, wave_id, theme_id, outcome_id, measure_id, construct_id, topic_id, contrast_id, printed_row_label
