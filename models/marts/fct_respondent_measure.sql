-- One row per included respondent, theme, topic and measure that the respondent was asked about: the value of the measure.
{{ config(materialized='view') }}
with

measures as (
    select * from {{ ref('int_measures') }}
),

final as (
    select
        respondent_key,
        council_id,
        wave_id,
        respondent_role,
        theme_id,
        topic_id,
        measure_id,
        construct_id,
        is_outcome,
        arm_id,
        weight,
        n_positive,
        n_answered,
        n_positive / n_answered as measure_value
    from measures
    where not is_excluded
)

select * from final
