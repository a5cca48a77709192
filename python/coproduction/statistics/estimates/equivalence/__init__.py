"""Levels: how many people take part, and the differences between two levels."""
