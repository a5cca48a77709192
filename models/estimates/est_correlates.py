# One row per council, wave, theme, correlate, outcome and method: the correlation with its interval and p.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.correlates:estimate_correlates", dbt.ref("cnt_correlates"))
