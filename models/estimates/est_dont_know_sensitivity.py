# One row per council, wave, theme, correlate and outcome: the correlation under four readings of Don't Know.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.dont_know import estimate_dont_know_sensitivity

    return to_relation(session, estimate_dont_know_sensitivity(dbt.ref("cnt_correlates").df()))
