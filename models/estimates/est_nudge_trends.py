# One row per council, wave, theme, topic, outcome, test and arm of a graded series of nudges: whether a stronger nudge
# has a larger effect.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.nudges.est_nudge_trends import estimate_nudge_trends

    return computed(session, estimate_nudge_trends, dbt.ref("cnt_nudges"), dbt.ref("dim_nudge_arm"))
