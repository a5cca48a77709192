# One row per council, wave, theme and topic: the individual index minus collective participation, within respondents.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.gaps import estimate_outcome_gaps

    return to_relation(session, estimate_outcome_gaps(dbt.ref("cnt_outcome_pairs").df()))
