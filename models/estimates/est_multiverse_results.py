# One row per council, wave, theme, topic, construct, outcome and distinct result (n, estimate, p) of the multiverse.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.multiverse.est_multiverse_results import estimate_multiverse_results

    minimum = int(dbt.config.meta_get("minimum_of_other_rules"))
    return computed(session, estimate_multiverse_results, dbt.ref("est_multiverse"), minimum)
