# One row per council, wave, theme, correlate (topic, construct), outcome and combination of choices: the correlation
# with its p-values.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.multiverse import estimate_multiverse

    return to_relation(session, estimate_multiverse(dbt.ref("cnt_specifications").df()))
