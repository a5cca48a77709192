"""Estimates from counts: each function takes a frame of counts and returns one row per estimate, unrounded.

| function | counts in | estimates out |
| --- | --- | --- |
| levels.estimate_levels | respondents by measure, breakdown and value | est_levels |
| correlates.estimate_correlates | respondents by outcome value and answer | est_correlates |
| dont_know.estimate_dont_know_sensitivity | the same | est_dont_know_sensitivity |
| nudges.estimate_nudge_effects | respondents by arm and outcome value | est_nudge_effects |
| gaps.estimate_outcome_gaps | respondents by individual and collective outcome | est_outcome_gaps |

The size of the work depends on the number of distinct answers, not on the number of respondents.
"""
