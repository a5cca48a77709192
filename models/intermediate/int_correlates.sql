-- One row per respondent, theme, topic and construct, excluded respondents too: the answer with which the outcomes are
-- correlated. An answer about the person is repeated for each theme that the respondent was asked about.
{{ config(materialized='view') }}
with

correlates as (
    select distinct
        correlate_number,
        theme_id,
        topic_id,
        construct_id
    from {{ ref('int_correlated_columns') }}
),

correlate_values as (
    select * from {{ ref('int_correlate_values') }}
),

final as (
    select
        correlate_values.respondent_number,
        correlates.theme_id,
        correlates.topic_id,
        correlates.construct_id,
        correlate_values.answer_kind,
        correlate_values.score
    from correlate_values
    inner join correlates using (correlate_number)
)

select * from final
