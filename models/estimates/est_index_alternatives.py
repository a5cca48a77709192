# One row per council, wave, theme, topic, outcome and alternative: its level, had it been defined otherwise.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.alternatives:estimate_index_alternatives", dbt.ref("cnt_index_alternatives"))
