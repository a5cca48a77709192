"""Do the estimators keep what their intervals and p-values promise? Surveys with planted truth, drawn many times.

| module | what it holds |
| --- | --- |
| populations | populations with known truth, and surveys drawn from them, directly as frames of counts |
| comparisons | intervals that are known to be wrong, to show that the checks notice |
| checks | each promise: what is planted, what must hold, how far it may miss |
| mutations | estimators broken on purpose, each with the check that must notice |

`python -m workbench.simulation` runs the checks and writes docs/simulation.md. All draws are seeded by the check's
name: the same figures on every machine.
"""
