-- One row per council, wave, theme, outcome and flag: whether the level without the respondents who have the flag is
-- withheld.
with

quality as (
    select
        *,
        n_respondents - n_flagged as n_without,
        {{ missed_minimum('n_respondents * level_with') }} as rule_id,
        {{ missed_minimum('n_without * level_without', 'null', 'n_without') }} as rule_id_without
    from {{ ref('est_respondent_quality') }}
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        outcome_id,
        flag_id,
        -- rpt_levels has a third level, without the flagged who are excluded and with the flagged who are kept. If nobody
        -- has the flag, the levels are equal.
        least(
            n_respondents,
            case when n_flagged > 0 then n_respondents - n_flagged end,
            nullif(n_flagged_kept, 0),
            nullif(n_flagged_excluded, 0)
        ) as n_smallest,
        n_smallest < {{ var('minimum_base') }}
        or rule_id is not null
        or rule_id_without is not null as is_withheld
    from quality
)

select * from final
