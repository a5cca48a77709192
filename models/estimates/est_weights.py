# One row per council and wave whose citizens have weights or whose codebook gives margins: how much weighting changes
# the survey.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.quality.est_weights import estimate_weights

    return computed(session, estimate_weights, dbt.ref("cnt_weights"))
