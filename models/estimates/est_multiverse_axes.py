# One row per axis of the multiverse and level of it: what is chosen, and the count table that serves it.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.multiverse import axes_of_multiverse

    return to_relation(session, axes_of_multiverse())
