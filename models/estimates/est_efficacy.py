# One row per council, wave, theme, topic, outcome and comparison: political compared with personal self-efficacy.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.correlates.est_efficacy import estimate_efficacy

    return computed(session, estimate_efficacy, dbt.ref("cnt_construct_pairs"))
