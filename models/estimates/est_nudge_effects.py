# One row per council, wave, theme, topic, outcome, contrast, model and weighting: a nudge's effect.
def model(dbt, session):
    from coproduction.build.handover import computed, in_pieces
    from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects

    counts, covariates = dbt.ref("cnt_nudges"), dbt.ref("cnt_nudge_covariates")
    # Python holds the profiles of one survey at a time.
    profiles, clusters = in_pieces(dbt.ref("cnt_nudge_profiles"), "council_id", "wave_id"), dbt.ref("cnt_clusters")
    studies, hypotheses = dbt.ref("dim_study"), dbt.ref("hypotheses")
    replicates = dbt.ref("cnt_replicate_levels")
    tables = counts, covariates, profiles, clusters, studies, hypotheses, replicates
    return computed(session, estimate_nudge_effects, *tables)
