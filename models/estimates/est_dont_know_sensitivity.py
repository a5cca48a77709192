# One row per council, wave, theme, correlate and outcome: the correlation when Don't Know is read in four ways.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.correlates.est_dont_know_sensitivity import estimate_dont_know_sensitivity

    return computed(session, estimate_dont_know_sensitivity, dbt.ref("cnt_correlates"))
