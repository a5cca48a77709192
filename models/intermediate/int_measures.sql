-- One row per respondent, theme, topic and measure asked about, excluded respondents too: n_positive of n_answered.
{{ config(materialized='view') }}
with

measure_values as (
    select * from {{ ref('int_measure_values') }}
),

measures as (
    select distinct
        measure_number,
        theme_id,
        topic_id,
        measure_id,
        construct_id,
        is_outcome
    from {{ ref('int_measured_columns') }}
),

respondents as (
    select * from {{ ref('int_respondents') }}
),

weights as (
    select * from {{ ref('int_weights') }}
),

final as (
    select
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        respondents.arm_id,
        weights.weight_counted as weight,
        respondents.is_excluded,
        respondent_number,
        respondents.respondent_key,
        measures.theme_id,
        measures.topic_id,
        measures.measure_id,
        measures.construct_id,
        measures.is_outcome,
        measure_values.n_positive,
        measure_values.n_answered
    from measure_values
    inner join measures using (measure_number)
    inner join respondents using (respondent_number)
    left join weights using (respondent_number)
)

select * from final
