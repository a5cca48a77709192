# One row per council, wave, theme, topic, outcome and check: whether arms were assigned and answered evenly.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.nudges.est_nudge_checks import estimate_nudge_checks

    return computed(session, estimate_nudge_checks, dbt.ref("cnt_nudge_covariates"))
