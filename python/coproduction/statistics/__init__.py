"""Estimates from counts: each function takes a frame of counts and returns one row per estimate, unrounded.

| function | counts in | estimates out |
| --- | --- | --- |
| levels.estimate_levels | respondents by measure, breakdown and value | est_levels |
| correlates.estimate_correlates | respondents by outcome value and answer | est_correlates |
| nudges.estimate_nudge_effects | by arm and outcome value; with covariates; with all themes | est_nudge_effects |
| nudge_checks.estimate_nudge_checks | respondents by arm, covariates and outcome value | est_nudge_checks |
| nudge_checks.estimate_nudge_bounds | respondents by arm and outcome value | est_nudge_bounds |
| nudge_trends.estimate_nudge_trends | respondents by arm and outcome value; strengths of the arms | est_nudge_trends |
| gaps.estimate_outcome_gaps | respondents by individual and collective outcome | est_outcome_gaps |

The size of the work depends on the number of distinct answers, not on the number of respondents.
"""
