-- One row per claim of the paper's text about a correlate, if all councils of the paper are in this build: the share of
-- specifications that support it.
with

claims as (
    select * from {{ ref('est_multiverse_claims') }}
),

audited as (
    select
        claim_id,
        wave_id,
        provenance
    from {{ ref('rpt_paper_audit') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

final as (
    select
        claims.* replace (
            {{ round_half_away('claims.share_supporting', 3) }} as share_supporting,
            {{ round_half_away('claims.share_same_direction', 3) }} as share_same_direction
        ),
        audited.wave_id,
        constructs.construct_label,
        outcomes.outcome_label,
        {{ sentence('claim_counts', {
            'n_positive': 'claims.n_positive_claimed', 'n_negative': 'claims.n_negative_claimed'
        }) }} as conclusion_label,
        audited.provenance
    from claims
    inner join audited using (claim_id)
    inner join constructs using (construct_id)
    inner join outcomes using (outcome_id)
)

select * from final
