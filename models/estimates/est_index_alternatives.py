# One row per council, wave, theme, topic, outcome and alternative: its level, had it been defined otherwise.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.alternatives import estimate_index_alternatives

    return to_relation(session, estimate_index_alternatives(dbt.ref("cnt_index_alternatives").df()))
