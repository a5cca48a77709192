# One row per council, wave, theme, topic, outcome, contrast and method: bounds of a nudge's effect if answers are
# missing.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.nudges.est_nudge_bounds import estimate_nudge_bounds

    return computed(session, estimate_nudge_bounds, dbt.ref("cnt_nudges"))
