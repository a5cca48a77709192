"""Weights, raking, and errors under the design of the sample."""
