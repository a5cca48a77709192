# One row per council, wave, theme, topic and activity item (`all`: the index): how closely the items are correlated.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.quality.est_index_quality import estimate_index_quality

    return computed(session, estimate_index_quality, dbt.ref("cnt_item_pairs"))
