# One row per council, wave, theme, correlate (topic, construct), outcome and combination of choices: the correlation
# with its p-values.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.statistics.estimates.multiverse.est_multiverse import estimate_multiverse

    counts, of_measures = dbt.ref("cnt_specifications"), dbt.ref("cnt_measure_specifications")
    return computed(session, estimate_multiverse, counts, of_measures, dbt.ref("dim_study"))
