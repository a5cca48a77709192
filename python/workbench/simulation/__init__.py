"""Tests the coverage of intervals and the error rates of p-values on many surveys with known truth.

| module | content |
| --- | --- |
| populations | populations with known truth, and surveys drawn from them, directly as frames of counts |
| comparisons | intervals that are known to be wrong, to show that the checks notice |
| checks | each promise: the planted truth, the rate that must hold, its tolerance |
| mutations | estimators with a deliberate mistake, each with the check that must fail |

`python -m workbench.simulation` runs the checks and writes docs/simulation.md. All draws are seeded by the check's
name, so the figures are the same on every machine.
"""
