# One row per axis of the multiverse and choice on it: what is chosen, and the count table from which it is computed.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.correlates.est_multiverse_axes import axes_of_multiverse

    axes, counts = computed(session, axes_of_multiverse), dbt.ref("cnt_specifications")
    # Reads the counts only so that it is built after the gate, and stays empty without a correlation.
    return axes if counts.limit(1).fetchall() else axes.limit(0)
