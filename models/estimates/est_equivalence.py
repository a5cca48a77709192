# One row per effect and correlation of a study that declared a smallest effect: whether it is too small to matter.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.equivalence.est_equivalence import estimate_equivalence

    nudges, correlates = dbt.ref("est_nudge_effects"), dbt.ref("est_correlates")
    smallest, studies = dbt.ref("smallest_effects"), dbt.ref("dim_study")
    return computed(session, estimate_equivalence, nudges, correlates, smallest, studies)
