# One row per respondent of a survey whose codebook gives population margins: the weight that meets them.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.raking import rake_weights

    margins = dbt.ref("weight_margins").df()
    citizens = dbt.ref("int_respondents").filter("respondent_role = 'citizen' and not is_excluded")
    # Without margins, as in most studies, no respondent is read.
    return to_relation(session, rake_weights((citizens.limit(0) if margins.empty else citizens).df(), margins))
