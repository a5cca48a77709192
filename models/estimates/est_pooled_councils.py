# One row per council, wave, theme and pooled quantity: the one estimate with which a council enters the pool.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.pooling import estimate_pooled_councils

    correlates, nudges = dbt.ref("est_correlates").df(), dbt.ref("est_nudge_effects").df()
    return to_relation(session, estimate_pooled_councils(correlates, nudges, dbt.ref("est_levels").df()))
