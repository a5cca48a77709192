# One row per council, wave, theme, topic, measure and breakdown: the level with its interval.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.levels.est_levels import estimate_levels

    counts, clusters, replicates = dbt.ref("cnt_levels"), dbt.ref("cnt_clusters"), dbt.ref("cnt_replicate_levels")
    return computed(session, estimate_levels, counts, clusters, replicates)
