# One row per council, wave, theme, topic, outcome, test and arm of a graded series of nudges: does more do more.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.nudge_trends import estimate_nudge_trends

    return to_relation(session, estimate_nudge_trends(dbt.ref("cnt_nudges").df(), dbt.ref("dim_nudge_arm").df()))
