-- One row per included respondent, theme, topic and construct: the answer with which the outcomes are correlated.
{{ config(materialized='view') }}
with

correlates as (
    select * from {{ ref('int_correlates') }}
),

final as (
    select
        respondent_key,
        council_id,
        wave_id,
        respondent_role,
        theme_id,
        topic_id,
        construct_id,
        answer_kind,
        score
    from correlates
    where not is_excluded
)

select * from final
