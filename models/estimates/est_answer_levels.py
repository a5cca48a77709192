# One row per council, wave, theme, topic, construct, outcome and answer: the mean outcome of the respondents who gave
# this answer.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.levels.est_answer_levels import estimate_answer_levels

    return computed(session, estimate_answer_levels, dbt.ref("cnt_correlates"))
