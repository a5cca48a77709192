# One row per council, wave, theme and topic: the individual index minus collective participation, within respondents.
def model(dbt, session):
    from coproduction.frames import computed

    outcome_pairs, item_pairs = dbt.ref("cnt_outcome_pairs"), dbt.ref("cnt_item_pairs")
    return computed(session, "statistics.gaps:estimate_outcome_gaps", outcome_pairs, item_pairs)
