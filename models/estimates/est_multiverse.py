# One row per council, wave, theme, correlate (topic, construct), outcome and combination of choices: the correlation
# with its p-values.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.multiverse:estimate_multiverse", dbt.ref("cnt_specifications"))
