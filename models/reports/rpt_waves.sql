-- One row per council and wave: the order and the dates of the waves, and how many of those invited answered.
with

-- The size of a survey reveals nothing about a person in it, but with the number of invited, the response rate would reveal
-- how many are excluded.
surveys as (
    select
        *,
        case when not {{ is_few('n_excluded') }} then response_rate end as rate_shown
    from {{ ref('dim_survey') }}
),

quantities as (
    {{ labels_of('quantity_id') }}
),

final as (
    select
        council_id,
        council_label,
        wave_id,
        wave_label,
        wave_order,
        fieldwork_start,
        fieldwork_end,
        n_respondents - n_excluded as n_respondents,
        n_invited,
        panel_size,
        {{ round_half_away('100 * rate_shown', 'decimals') }} as estimate,
        {{ printed('100 * rate_shown', 'decimals') }} as estimate_label,
        unit_label,
        provenance
    from surveys
    left join quantities on quantity_id = 'response_rate'
    order by council_id, wave_order
)

select * from final
