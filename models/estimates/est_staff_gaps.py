# One row per council, wave, theme, topic and measure that staff answered: staff minus citizens.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.levels.est_staff_gaps import estimate_staff_gaps

    return computed(session, estimate_staff_gaps, dbt.ref("cnt_staff_levels"), dbt.ref("dim_study"))
