# One row per council, wave, theme, topic, outcome, contrast and method: bounds of a nudge's effect under non-response.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.nudge_checks import estimate_nudge_bounds

    return to_relation(session, estimate_nudge_bounds(dbt.ref("cnt_nudges").df()))
