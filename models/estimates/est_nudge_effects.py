# One row per council, wave, theme, topic, outcome, contrast and model: the effect of a nudge against none.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.nudges import estimate_nudge_effects

    counts = dbt.ref("cnt_nudges").df()
    covariates, profiles = dbt.ref("cnt_nudge_covariates").df(), dbt.ref("cnt_nudge_profiles").df()
    return to_relation(session, estimate_nudge_effects(counts, covariates, profiles))
