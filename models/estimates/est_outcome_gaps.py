# One row per council, wave, theme and topic: the individual index minus collective participation, within respondents.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.gaps import estimate_outcome_gaps

    outcome_pairs, item_pairs = dbt.ref("cnt_outcome_pairs").df(), dbt.ref("cnt_item_pairs").df()
    return to_relation(session, estimate_outcome_gaps(outcome_pairs, item_pairs))
