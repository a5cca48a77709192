"""Estimates from counts: each function takes a frame of counts and returns one row per estimate, unrounded.

| function | counts in | estimates out |
| --- | --- | --- |
| levels.estimate_levels | respondents by measure, breakdown and value | est_levels |
| correlates.estimate_correlates | respondents by outcome value and answer | est_correlates |
| nudges.estimate_nudge_effects | respondents by arm and outcome value | est_nudge_effects |
| multiverse.estimate_multiverse | respondents by details of the outcomes and answer | est_multiverse |
| audit.estimate_published_audit | printed cells and claims, no counts | est_published_audit |
| gaps.estimate_outcome_gaps | respondents by individual and collective outcome | est_outcome_gaps |

The size of the work depends on the number of distinct answers, not on the number of respondents.
"""
