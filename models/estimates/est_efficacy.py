# One row per council, wave, theme, topic, outcome and comparison: political against personal self-efficacy.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.efficacy:estimate_efficacy", dbt.ref("cnt_construct_pairs"))
