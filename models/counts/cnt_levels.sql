-- One row per council, wave, theme, topic, measure, breakdown, value of the outcome and margin cell: how many citizens
-- have it. The value is the fraction n_positive of n_answered, never a rounded number.
with

measure_values as (
    select * from {{ ref('int_measure_values') }}
    where n_answered is not null
),

measures as (
    select distinct
        measure_number,
        theme_id,
        topic_id,
        measure_id
    from {{ ref('int_measured_columns') }}
),

groups as (
    select * from {{ ref('int_group_sets') }}
),

included as (
    select * from {{ ref('int_included_groups') }}
    where respondent_role = 'citizen'
),

counted as (
    select
        measure_values.measure_number,
        measure_values.n_positive,
        measure_values.n_answered,
        included.group_set_number,
        count(*) filter (where included.weight > 0) as n_weighted,
        {{ count_respondents('included.weight') }},
        {{ sum_of_fourth_powers('included.weight') }}
    from measure_values
    inner join included using (respondent_number)
    group by all
),

final as (
    select
        groups.council_id,
        groups.wave_id,
        measures.theme_id,
        measures.topic_id,
        measures.measure_id,
        groups.breakdown_id,
        groups.breakdown_value,
        counted.n_positive,
        counted.n_answered,
        -- Null if nothing is raked. The standard error of a raked level depends on how well the margins explain the
        -- outcome.
        groups.margin_cell,
        groups.n_margin_cell,
        cast(sum(counted.n_weighted) as bigint) as n_weighted,
        {{ add_up_respondents() }},
        sum(counted.sum_weight_fourth) as sum_weight_fourth
    from counted
    inner join measures using (measure_number)
    inner join groups using (group_set_number)
    group by all
)

select * from final
