# One row per council, wave, theme, topic, construct, outcome and answer: the mean outcome of those who gave it.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.thresholds:estimate_answer_levels", dbt.ref("cnt_correlates"))
