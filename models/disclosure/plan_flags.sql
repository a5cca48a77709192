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

pairs as (
    select * from {{ ref('cnt_flag_pairs') }}
),

ruled as (
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
),

-- Of two flags that nearly the same respondents have, the levels differ by the few others.
nearly_equal as (
    select distinct
        council_id,
        wave_id,
        theme_id,
        outcome_id,
        pairs.flag_id,
        true as is_nearly_equal
    from pairs
    inner join ruled as other_flags using (council_id, wave_id, theme_id, outcome_id)
    where pairs.other_flag_id = other_flags.flag_id and not other_flags.is_withheld and {{ is_few('pairs.n_respondents') }}
),

final as (
    select
        ruled.* exclude (is_withheld),
        ruled.is_withheld or coalesce(nearly_equal.is_nearly_equal, false) as is_withheld
    from ruled
    left join nearly_equal using (council_id, wave_id, theme_id, outcome_id, flag_id)
)

select * from final
