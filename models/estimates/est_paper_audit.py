# One row per printed correlation, printed nudge coefficient and claim of the paper: whether the printed number, stars
# or sentence can be right.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.paper.est_paper_audit import estimate_paper_audit

    cells, claims = dbt.ref("paper_cells"), dbt.ref("paper_claims")
    return computed(session, estimate_paper_audit, cells, claims)
