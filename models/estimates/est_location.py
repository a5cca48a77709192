# One row per wave, theme and measure: whether metropolitan areas lie below the others, the areas being the units.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(
        session, "statistics.location:estimate_location_pattern", dbt.ref("est_levels"), dbt.ref("dim_council")
    )
