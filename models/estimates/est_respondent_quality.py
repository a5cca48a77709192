# One row per council, wave, theme, outcome and flag of respondent quality: the level with and without respondents with
# the flag.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.quality.est_respondent_quality import estimate_respondent_quality

    return computed(session, estimate_respondent_quality, dbt.ref("cnt_respondent_flags"))
