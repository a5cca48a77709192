"""Estimates over several councils."""
