# One row per council, wave, theme, topic, outcome and check: whether an experiment was drawn and answered evenly.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.nudge_checks import estimate_nudge_checks

    return to_relation(session, estimate_nudge_checks(dbt.ref("cnt_nudge_covariates").df()))
