# One row per council, wave, theme, topic, construct and outcome: the specifications that support the conclusion.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.multiverse.est_multiverse_cells import estimate_multiverse_cells

    keys = "council_id, wave_id, theme_id, topic_id, construct_id, outcome_id"
    n_distinct = dbt.ref("est_multiverse_results").aggregate(f"{keys}, count(*) as n_distinct", keys)
    return computed(session, estimate_multiverse_cells, dbt.ref("est_multiverse"), n_distinct, dbt.ref("paper_cells"))
