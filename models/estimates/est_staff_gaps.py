# One row per council, wave, theme, topic and measure that staff answered: staff minus citizens.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.staff:estimate_staff_gaps", dbt.ref("cnt_staff_levels"))
