# One row per council, wave, theme, topic, outcome, correlate, model, rule for missing answers and weighting: the
# association of the correlate with the outcome when the other correlates are held constant.
def model(dbt, session):
    from coproduction.build.handover import computed, in_pieces
    from coproduction.statistics.estimates.correlates.est_joint_correlates import estimate_joint_correlates

    counts, studies = dbt.ref("cnt_joint_correlates"), dbt.ref("dim_study")
    topics = in_pieces(counts, "council_id", "wave_id", "theme_id", "topic_id")
    return computed(session, estimate_joint_correlates, topics, studies)
