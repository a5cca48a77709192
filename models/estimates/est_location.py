# One row per wave, theme and measure: whether levels are lower in metropolitan areas, with areas as units.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.pooling.est_location import estimate_location_pattern

    return computed(session, estimate_location_pattern, dbt.ref("est_levels"), dbt.ref("dim_council"))
