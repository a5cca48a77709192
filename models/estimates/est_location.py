# One row per wave, theme and measure: whether levels are lower in metropolitan areas, with areas as units.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.pooling.est_location import estimate_location_pattern

    outcomes = dbt.ref("dim_measure").filter("is_outcome").select("measure_id")
    levels = dbt.ref("est_levels").join(outcomes, "measure_id", how="semi")
    return computed(session, estimate_location_pattern, levels, dbt.ref("dim_council"))
