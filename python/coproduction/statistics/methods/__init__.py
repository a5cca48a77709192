"""The mathematics of the estimates: formulas on tables of counts, for any question.

No module here reads a table of the warehouse. Each module of `statistics/estimates` makes one `est_` model and chooses
the methods for it. The computing time depends on the number of distinct answers, not on the number of respondents; only
raking reads one row per respondent.
"""
