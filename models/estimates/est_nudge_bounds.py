# One row per council, wave, theme, topic, outcome, contrast and method: bounds of a nudge's effect under non-response.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.nudge_checks:estimate_nudge_bounds", dbt.ref("cnt_nudges"))
