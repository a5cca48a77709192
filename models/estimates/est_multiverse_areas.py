# One row per council, wave, theme, construct and outcome: the share of specifications that support the conclusion.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.multiverse.est_multiverse_areas import estimate_multiverse_areas

    return computed(session, estimate_multiverse_areas, dbt.ref("est_multiverse"), dbt.ref("est_multiverse_cells"))
