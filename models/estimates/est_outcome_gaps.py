# One row per council, wave, theme and topic: the individual index minus collective participation, within respondents.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.levels.est_outcome_gaps import estimate_outcome_gaps

    outcome_pairs, item_pairs = dbt.ref("cnt_outcome_pairs"), dbt.ref("cnt_item_pairs")
    return computed(session, estimate_outcome_gaps, outcome_pairs, item_pairs, dbt.ref("dim_study"))
