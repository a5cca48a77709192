# One row per printed correlation, printed nudge coefficient and claim of the paper: whether the printed number, stars
# or sentence can be right.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.paper.est_paper_audit import estimate_paper_audit

    cells, claims, surveys = dbt.ref("paper_cells"), dbt.ref("paper_claims"), dbt.ref("dim_survey")
    audit = computed(session, estimate_paper_audit, cells, claims)
    # Reads the surveys only so that it is built after the gate, and stays empty without a survey.
    return audit if surveys.limit(1).fetchall() else audit.limit(0)
