"""Regressions: covariates of nudges, several correlates at once, and missing answers."""
