# One row per council, wave, theme, topic, outcome and check: whether an experiment was drawn and answered evenly.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.nudge_checks:estimate_nudge_checks", dbt.ref("cnt_nudge_covariates"))
