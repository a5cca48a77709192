# One row per respondent of a survey whose codebook gives population margins: the weight that gives these margins.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.methods.weights.raking import weights_from_margins

    margins, characteristics = dbt.ref("weight_margins"), dbt.ref("int_characteristics")
    citizens = dbt.ref("int_respondents").filter("respondent_role = 'citizen' and not is_excluded")
    if not margins.limit(1).fetchall():  # In most studies; then no respondent is read.
        citizens, characteristics = citizens.limit(0), characteristics.limit(0)
    characteristics = characteristics.join(citizens.select("respondent_number, respondent_key"), "respondent_number")
    return computed(session, weights_from_margins, citizens, characteristics, margins)
