# One row per council, wave, theme, topic, outcome and alternative: the level of the outcome under another definition.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.levels.est_index_alternatives import estimate_index_alternatives

    return computed(session, estimate_index_alternatives, dbt.ref("cnt_index_alternatives"))
