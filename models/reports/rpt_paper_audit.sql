-- One row per printed correlation, printed nudge coefficient and claim of the paper: whether the printed number, stars or
-- sentence can be right. The same in every build, because it is judged from the print alone.
with

audited as (
    select * from {{ ref('est_paper_audit') }}
),

final as (
    select
        * replace (
            {{ three_digits('p_at_n') }} as p_at_n,
            {{ round_half_away('sd_for_star_max', 1) }} as sd_for_star_max,
            {{ round_half_away('sd_implied', 1) }} as sd_implied
        ),
        'printed' as provenance
    from audited
)

select * from final
