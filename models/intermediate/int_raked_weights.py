# One row per respondent of a survey whose codebook gives population margins: the weight that meets them.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.methods.raking import rake_weights

    margins = dbt.ref("weight_margins")
    citizens = dbt.ref("int_respondents").filter("respondent_role = 'citizen' and not is_excluded")
    # Without margins, as in most studies, no respondent is read.
    citizens = citizens if margins.limit(1).fetchall() else citizens.limit(0)
    return computed(session, rake_weights, citizens, margins)
