"""The mathematics of the estimates: what is computed from tables of counts, whatever the question.

Nothing here knows a table of the warehouse; the modules of `statistics/estimates` choose the methods for one `est_`
model each. The size of the work depends on the number of distinct answers, not on the number of respondents; raking
alone reads respondents.
"""
