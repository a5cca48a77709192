"""Do the estimators keep what their intervals and p-values promise? Surveys with planted truth, drawn many times.

| module | what it holds |
| --- | --- |
| populations | populations with known truth, and surveys drawn from them, directly as frames of counts |
| comparisons | intervals that are known to be wrong, to show that the gates notice |
| gates | each promise: what is planted, what must hold, how far it may miss |
| mutations | estimators broken on purpose, each with the gate that must notice |

`python -m workbench.simulation` runs the gates and writes docs/simulation.md. All draws are seeded by the gate's
name: the same figures on every machine.
"""
