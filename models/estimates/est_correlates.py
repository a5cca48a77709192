# One row per council, wave, theme, correlate, outcome and method: the correlation with its interval and p.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.correlates import estimate_correlates

    return to_relation(session, estimate_correlates(dbt.ref("cnt_correlates").df()))
