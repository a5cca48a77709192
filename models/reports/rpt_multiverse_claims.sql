-- One row per claim of the paper's text about a correlate, if all councils of the paper are in this build: the share of
-- specifications that support it.
with

claims as (
    select * from {{ ref('est_multiverse_claims') }}
),

audited as (
    select
        claim_id,
        wave_id
    from {{ ref('est_paper_audit') }}
    where claim_id is not null
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

-- One row if all councils of the paper are in the build, and none otherwise.
all_surveys as (
    select max(surveys.provenance) as provenance
    from printed_surveys
    left join surveys using (council_id, wave_id)
    having count(printed_surveys.council_id) = count(surveys.provenance) and count(*) > 0
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
        all_surveys.provenance
    from claims
    inner join audited using (claim_id)
    cross join all_surveys
    inner join constructs using (construct_id)
    inner join outcomes using (outcome_id)
)

select * from final
