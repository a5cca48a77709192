"""Tools for development, not in the installed package: calibration of synthetic exports, simulation, comparison."""
