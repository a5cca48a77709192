# One row per wave, theme and pooled quantity: the estimate over three or more councils.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.pooling.est_pooled import estimate_pooled

    return computed(session, estimate_pooled, dbt.ref("est_pooled_councils"))
