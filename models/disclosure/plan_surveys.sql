-- One row per council and wave: whether anything about the survey is published.
with

surveys as (
    select * from {{ ref('dim_survey') }}
),

final as (
    select
        council_id,
        wave_id,
        n_respondents - n_excluded as n_respondents,
        -- A group and all others need `minimum_base` respondents each.
        n_respondents - n_excluded < 2 * {{ var('minimum_base') }} as is_withheld
    from surveys
)

select * from final
