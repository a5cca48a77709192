# One row per council, wave, theme, topic, outcome, test and arm of a graded series of nudges: does more do more.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(
        session, "statistics.nudge_trends:estimate_nudge_trends", dbt.ref("cnt_nudges"), dbt.ref("dim_nudge_arm")
    )
