"""Checks of the answers, rows and numbers of one export against the codebook."""
