# One row per council, wave, theme, correlate, outcome, method and weighting: the correlation.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.correlates:estimate_correlates", dbt.ref("cnt_correlates"))
