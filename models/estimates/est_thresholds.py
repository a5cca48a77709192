# One row per council, wave, theme, topic, construct and outcome: whether the outcome jumps between two answers.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.thresholds import estimate_thresholds

    return to_relation(session, estimate_thresholds(dbt.ref("cnt_correlates").df()))
