"""Checks of the printed paper: its cells, its claims, and whether these are consistent."""
