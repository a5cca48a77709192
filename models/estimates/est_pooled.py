# One row per wave, theme and pooled quantity: the estimate over all councils that have one, three or more.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.pooling:estimate_pooled", dbt.ref("est_pooled_councils"))
