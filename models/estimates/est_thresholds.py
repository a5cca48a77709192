# One row per council, wave, theme, topic, construct and outcome: whether the outcome jumps between two answers.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.correlates.est_thresholds import estimate_thresholds

    return computed(session, estimate_thresholds, dbt.ref("cnt_correlates"), dbt.ref("dim_study"))
