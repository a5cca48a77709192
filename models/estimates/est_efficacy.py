# One row per council, wave, theme, topic, outcome and comparison: political against personal self-efficacy.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.efficacy import estimate_efficacy

    return to_relation(session, estimate_efficacy(dbt.ref("cnt_construct_pairs").df()))
