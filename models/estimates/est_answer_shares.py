# One row per question, breakdown, weighting and statistic (the share of each answer, the mean, the top two answers, the
# share of Don't Know and refusals, the response rate).
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.levels.est_answer_shares import estimate_answer_shares

    return computed(session, estimate_answer_shares, dbt.ref("cnt_answers"))
