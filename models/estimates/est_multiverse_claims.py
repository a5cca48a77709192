# One row per claim of the paper's text about a correlate: the share of specifications that support it.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.paper.est_multiverse_claims import estimate_multiverse_claims

    multiverse, areas, claims = dbt.ref("est_multiverse"), dbt.ref("est_multiverse_areas"), dbt.ref("paper_claims")
    return computed(session, estimate_multiverse_claims, multiverse, areas, claims)
