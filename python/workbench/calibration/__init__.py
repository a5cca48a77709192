"""The bundled synthetic exports: raw answers calibrated so that the pipeline prints the paper's numbers.

Agreement with the paper is by construction. It tests the arithmetic of the pipeline and is not evidence for the paper's
findings. `python -m workbench.calibration` writes the five files of seeds/exports, byte for byte the same on any
processor: every decision rests on integers or on single correctly rounded float operations.
"""
