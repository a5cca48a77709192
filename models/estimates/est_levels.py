# One row per council, wave, theme, topic, measure and breakdown: the level with its interval.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.levels:estimate_levels", dbt.ref("cnt_levels"))
