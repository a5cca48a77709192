# One row per council, wave, theme, topic, outcome and contrast: the effect of a nudge against none.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.nudges import estimate_nudge_effects

    return to_relation(session, estimate_nudge_effects(dbt.ref("cnt_nudges").df()))
