# One row per council, wave, theme, topic, outcome and alternative: its level, had it been defined otherwise.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.levels.est_index_alternatives import estimate_index_alternatives

    return computed(session, estimate_index_alternatives, dbt.ref("cnt_index_alternatives"))
