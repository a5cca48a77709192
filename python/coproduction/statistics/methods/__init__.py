"""Estimates from counts: each function takes a frame of counts and returns one row per estimate, unrounded.

| function | counts in | estimates out |
| --- | --- | --- |
| levels.estimate_levels | respondents by measure, breakdown and value | est_levels |
| correlates.estimate_correlates | respondents by outcome value and answer | est_correlates |
| dont_know.estimate_dont_know_sensitivity | the same | est_dont_know_sensitivity |
| nudges.estimate_nudge_effects | by arm and outcome value; with covariates; with all themes | est_nudge_effects |
| nudge_checks.estimate_nudge_checks | respondents by arm, covariates and outcome value | est_nudge_checks |
| nudge_checks.estimate_nudge_bounds | respondents by arm and outcome value | est_nudge_bounds |
| nudge_trends.estimate_nudge_trends | respondents by arm and outcome value; strengths of the arms | est_nudge_trends |
| multiverse.estimate_multiverse | respondents by details of the outcomes and answer | est_multiverse |
| audit.estimate_paper_audit | printed cells and claims, no counts | est_paper_audit |
| gaps.estimate_outcome_gaps | respondents by individual and collective outcome | est_outcome_gaps |
| location.estimate_location_pattern | rows of est_levels, the areas | est_location |
| pooling.estimate_pooled_councils | rows of est_correlates, est_nudge_effects, est_levels | est_pooled_councils |
| pooling.estimate_pooled | rows of est_pooled_councils | est_pooled |
| reliability.estimate_index_quality | respondents by pair of activity items | est_index_quality |
| efficacy.estimate_efficacy | respondents by outcome value and both self-efficacy answers | est_efficacy |
| staff.estimate_staff_gaps | staff and citizens by measure and value | est_staff_gaps |
| thresholds.estimate_thresholds | respondents by outcome value and answer | est_thresholds |
| thresholds.estimate_answer_levels | respondents by outcome value and answer | est_answer_levels |
| alternatives.estimate_index_alternatives | respondents by what an index can be built from | est_index_alternatives |

The size of the work depends on the number of distinct answers, not on the number of respondents.
"""
