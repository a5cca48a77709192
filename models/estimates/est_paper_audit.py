# One row per printed correlation, printed nudge coefficient and claim of the paper: what the print can mean.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.paper.est_paper_audit import estimate_paper_audit

    cells, claims, surveys = dbt.ref("paper_cells"), dbt.ref("paper_claims"), dbt.ref("dim_survey")
    audit = computed(session, estimate_paper_audit, cells, claims)
    # Behind the gate like every estimate; without a survey there is nothing that the paper could be held against.
    return audit if surveys.limit(1).fetchall() else audit.limit(0)
