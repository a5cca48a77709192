# One row per council, wave, theme, topic, construct and outcome: whether the outcome jumps between two answers.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.thresholds:estimate_thresholds", dbt.ref("cnt_correlates"))
