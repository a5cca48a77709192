# One row per council, wave, theme, topic and activity item (`all`: the index): how well the items go together.
def model(dbt, session):
    from coproduction.frames import computed

    return computed(session, "statistics.reliability:estimate_index_quality", dbt.ref("cnt_item_pairs"))
