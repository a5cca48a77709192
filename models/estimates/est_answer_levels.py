# One row per council, wave, theme, topic, construct, outcome and answer: the mean outcome of those who gave it.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.thresholds import estimate_answer_levels

    return to_relation(session, estimate_answer_levels(dbt.ref("cnt_correlates").df()))
