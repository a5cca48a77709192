# One row per axis of the multiverse and level of it: what is chosen, and the count table that serves it.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.correlates.est_multiverse_axes import axes_of_multiverse

    axes, counts = computed(session, axes_of_multiverse), dbt.ref("cnt_specifications")
    # Behind the gate like every estimate; without a correlation there is nothing to choose.
    return axes if counts.limit(1).fetchall() else axes.limit(0)
