# One row per council, wave, theme, correlate, outcome, method and weighting: the correlation.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates

    counts, clusters = dbt.ref("cnt_correlates"), dbt.ref("cnt_correlate_clusters")
    studies, hypotheses = dbt.ref("dim_study"), dbt.ref("hypotheses")
    replicates = dbt.ref("cnt_replicate_correlates")
    return computed(session, estimate_correlates, counts, clusters, studies, hypotheses, replicates)
