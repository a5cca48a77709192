# One row per council, wave, theme and pooled quantity: the one estimate with which a council enters the pool.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.pooling.est_pooled_councils import estimate_pooled_councils

    correlates, nudges = dbt.ref("est_correlates"), dbt.ref("est_nudge_effects")
    return computed(session, estimate_pooled_councils, correlates, nudges, dbt.ref("est_levels"))
