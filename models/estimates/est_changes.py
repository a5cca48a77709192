# One row per compared pair of waves, theme, topic, measure, sample and weighting: how much the level changed.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.changes.est_changes import estimate_changes

    return computed(session, estimate_changes, dbt.ref("cnt_changes"), dbt.ref("dim_study"))
