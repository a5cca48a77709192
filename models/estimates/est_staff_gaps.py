# One row per council, wave, theme, topic and measure that staff answered: staff minus citizens.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.staff import estimate_staff_gaps

    return to_relation(session, estimate_staff_gaps(dbt.ref("cnt_staff_levels").df()))
