# One row per wave, theme and pooled quantity: the estimate over all councils that have one, three or more.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.pooling import estimate_pooled

    return to_relation(session, estimate_pooled(dbt.ref("est_pooled_councils").df()))
