# One row per council, wave, theme, topic, measure and breakdown: the level with its interval.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.levels import estimate_levels

    return to_relation(session, estimate_levels(dbt.ref("cnt_levels").df()))
