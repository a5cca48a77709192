# One row per printed correlation, printed nudge coefficient and claim of the paper: what the print can mean.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.audit import estimate_published_audit

    cells, claims = dbt.ref("published_cells").df(), dbt.ref("published_claims").df()
    return to_relation(session, estimate_published_audit(cells, claims))
