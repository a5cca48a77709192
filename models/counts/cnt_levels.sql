-- One row per council, wave, theme, topic, measure, breakdown, value of the outcome and margin cell: how many citizens
-- have it. The value is the fraction n_positive of n_answered, never a rounded number.
with

measures as (
    select * from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and n_answered is not null
),

groups as (
    select * from {{ ref('int_respondent_groups') }}
),

raked_weights as (
    select * from {{ ref('int_raked_weights') }}
    where weight_raked is not null
),

final as (
    select
        measures.council_id,
        measures.wave_id,
        measures.theme_id,
        measures.topic_id,
        measures.measure_id,
        groups.breakdown_id,
        groups.breakdown_value,
        measures.n_positive,
        measures.n_answered,
        -- Null if nothing is raked. The standard error of a raked level depends on how well the margins explain the
        -- outcome.
        raked_weights.margin_cell,
        raked_weights.n_margin_cell,
        count(*) filter (where measures.weight > 0) as n_weighted,
        {{ count_respondents('measures.weight') }},
        {{ sum_of_fourth_powers('measures.weight') }}
    from measures
    inner join groups using (respondent_key)
    left join raked_weights using (respondent_key)
    group by all
)

select * from final
