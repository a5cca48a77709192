-- One row per printed correlation, printed nudge coefficient and claim of the paper whose survey is in this build:
-- whether the printed number, stars or sentence can be right.
with

audited as (
    select * from {{ ref('est_paper_audit') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

printed_surveys as (
    select distinct
        council_id,
        wave_id
    from {{ ref('paper_cells') }}
),

-- A claim about several councils is shown only if all councils of the paper are in the build.
all_surveys as (
    select
        'all' as council_id,
        max(provenance) as provenance
    from printed_surveys
    left join surveys using (council_id, wave_id)
    having count(*) = count(provenance) and count(*) > 0
),

scopes as (
    select
        council_id,
        wave_id,
        provenance
    from surveys
    union all by name
    select * from all_surveys
),

final as (
    select
        audited.* replace (
            {{ three_digits('p_at_n') }} as p_at_n,
            {{ round_half_away('sd_for_star_max', 1) }} as sd_for_star_max,
            {{ round_half_away('sd_implied', 1) }} as sd_implied
        ),
        scopes.provenance
    from audited
    inner join scopes using (council_id)
    where audited.wave_id = scopes.wave_id or scopes.wave_id is null
)

select * from final
