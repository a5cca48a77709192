# One row per council, wave, theme, topic and activity item (`all`: the index): how well the items go together.
def model(dbt, session):
    from coproduction.frames import to_relation
    from coproduction.statistics.reliability import estimate_index_quality

    return to_relation(session, estimate_index_quality(dbt.ref("cnt_item_pairs").df()))
