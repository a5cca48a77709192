"""Measures the time and memory of a build for larger surveys, beside programs that compute the same numbers."""
