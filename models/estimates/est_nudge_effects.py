# One row per council, wave, theme, topic, outcome, contrast and model: the effect of a nudge against none.
def model(dbt, session):
    from coproduction.frames import computed

    counts, covariates = dbt.ref("cnt_nudges"), dbt.ref("cnt_nudge_covariates")
    profiles = dbt.ref("cnt_nudge_profiles")
    return computed(session, "statistics.nudges:estimate_nudge_effects", counts, covariates, profiles)
