# One row per printed correlation, printed nudge coefficient and claim of the paper: what the print can mean.
def model(dbt, session):
    from coproduction.frames import computed

    cells, claims, surveys = dbt.ref("published_cells"), dbt.ref("published_claims"), dbt.ref("dim_survey")
    audit = computed(session, "statistics.audit:estimate_published_audit", cells, claims)
    # Behind the gate like every estimate; without a survey there is nothing that the paper could be held against.
    return audit if surveys.limit(1).fetchall() else audit.limit(0)
