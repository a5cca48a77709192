# One row per wave, theme and measure: whether metropolitan areas lie below the others, the areas being the units.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.pooling.est_location import estimate_location_pattern

    return computed(session, estimate_location_pattern, dbt.ref("est_levels"), dbt.ref("dim_council"))
