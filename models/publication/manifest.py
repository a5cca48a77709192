# One row per fact about the published file: its build, inputs, tools, tables with their rows, and guarding tests.
def model(dbt, session):
    from coproduction.build.publication import publish

    # dbt publishes after these models, the models that they read, and the tests of all of them. dbt finds only literal
    # calls, so `make documents` writes one for each report. If one is missing, publication stops with a message.
    dbt.ref("dim_label")
    dbt.ref("dim_sentence")
    dbt.ref("dim_theme")
    dbt.ref("fct_answer")
    dbt.ref("rpt_answer_levels")
    dbt.ref("rpt_answer_shares")
    dbt.ref("rpt_attrition")
    dbt.ref("rpt_changes")
    dbt.ref("rpt_correlate_areas")
    dbt.ref("rpt_correlates")
    dbt.ref("rpt_dont_know_sensitivity")
    dbt.ref("rpt_efficacy")
    dbt.ref("rpt_equivalence")
    dbt.ref("rpt_exports")
    dbt.ref("rpt_families")
    dbt.ref("rpt_hypotheses")
    dbt.ref("rpt_index_alternatives")
    dbt.ref("rpt_index_quality")
    dbt.ref("rpt_joint_correlates")
    dbt.ref("rpt_levels")
    dbt.ref("rpt_multiverse")
    dbt.ref("rpt_multiverse_areas")
    dbt.ref("rpt_multiverse_axes")
    dbt.ref("rpt_multiverse_cells")
    dbt.ref("rpt_multiverse_claims")
    dbt.ref("rpt_nudge_checks")
    dbt.ref("rpt_nudge_effects")
    dbt.ref("rpt_nudge_trends")
    dbt.ref("rpt_paper_audit")
    dbt.ref("rpt_paper_comparison")
    dbt.ref("rpt_pooled")
    dbt.ref("rpt_registered_tests")
    dbt.ref("rpt_respondent_quality")
    dbt.ref("rpt_staff_gaps")
    dbt.ref("rpt_study_areas")
    dbt.ref("rpt_tests")
    dbt.ref("rpt_thresholds")
    dbt.ref("rpt_tolerated_answers")
    dbt.ref("rpt_waves")
    dbt.ref("rpt_weights")
    return publish(
        session,
        str(dbt.this),
        with_respondents=dbt.config.meta_get("publish_respondents"),
        minimum_base=dbt.config.meta_get("minimum_base"),
        small_base=dbt.config.meta_get("small_base"),
    )
