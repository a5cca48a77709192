# One row per council, wave, theme, correlate and outcome: the correlation under four readings of Don't Know.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.dont_know:estimate_dont_know_sensitivity", dbt.ref("cnt_correlates"))
