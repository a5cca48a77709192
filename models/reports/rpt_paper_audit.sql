-- One row per printed correlation, printed nudge coefficient and claim of the paper whose survey is in this build: what
-- the printed numbers, stars and sentences can mean together.
with

audited as (
    select * from {{ ref('est_paper_audit') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

cells as (
    select * from {{ ref('paper_cells') }}
),

printed_surveys as (
    select distinct
        council_id,
        wave_id
    from cells
),

-- A claim about several councils is shown only where all councils of the paper are in the build.
all_surveys as (
    select
        'all' as council_id,
        max(case when surveys.provenance = 'synthetic' then 'synthetic' else 'real' end) as provenance
    from printed_surveys
    left join surveys
        on
            printed_surveys.council_id = surveys.council_id
            and printed_surveys.wave_id = surveys.wave_id
    having count(*) = count(surveys.council_id) and count(*) > 0
),

scopes as (
    select
        council_id,
        wave_id,
        provenance
    from surveys
    union all
    select
        council_id,
        null as wave_id,
        provenance
    from all_surveys
),

final as (
    select
        audited.table_number,
        audited.claim_id,
        audited.council_id,
        audited.wave_id,
        audited.theme_id,
        audited.topic_id,
        audited.outcome_id,
        audited.measure_id,
        audited.construct_id,
        audited.contrast_id,
        audited.printed_label,
        audited.printed_value,
        audited.printed_stars,
        audited.n_council,
        {{ three_digits('audited.p_at_n') }} as p_at_n,
        audited.n_for_star_min,
        audited.n_for_star_max,
        {{ round_half_away('audited.sd_for_star_max', 1) }} as sd_for_star_max,
        {{ round_half_away('audited.sd_implied', 1) }} as sd_implied,
        audited.recount_from_stars,
        audited.recount_from_values,
        audited.arithmetic_verdict,
        audited.interpretation,
        audited.suggested_value,
        audited.reason,
        scopes.provenance
    from audited
    inner join scopes
        on
            audited.council_id = scopes.council_id
            and (audited.wave_id = scopes.wave_id or scopes.wave_id is null)
)

select * from final
order by table_number, claim_id nulls first, council_id, wave_id, theme_id, outcome_id, measure_id, construct_id, topic_id, contrast_id
