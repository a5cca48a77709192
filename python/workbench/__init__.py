"""Tools of development, not in the installed package: calibration of the synthetic exports, and simulation."""
