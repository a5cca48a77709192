# One row per axis of the multiverse and choice on it: what is chosen, and the count table from which it is computed.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.multiverse.est_multiverse_axes import axes_of_multiverse

    counts, of_measures = dbt.ref("cnt_specifications"), dbt.ref("cnt_measure_specifications")
    axes = computed(session, axes_of_multiverse, of_measures)
    # Reads the counts of the paper's outcomes only so that it stays empty without a correlation.
    return axes if counts.limit(1).fetchall() or of_measures.limit(1).fetchall() else axes.limit(0)
