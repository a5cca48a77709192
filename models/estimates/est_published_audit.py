# One row per printed correlation, printed nudge coefficient and claim of the paper: what the print can mean.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.audit import estimate_published_audit

    cells, claims = dbt.ref("published_cells").df(), dbt.ref("published_claims").df()
    audit = estimate_published_audit(cells, claims)
    # Behind the gate like every estimate; without a survey there is nothing that the paper could be held against.
    return to_relation(session, audit if dbt.ref("dim_survey").limit(1).fetchone() else audit.head(0))
