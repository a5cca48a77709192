"""Checks that the codebook does not contradict itself, one module for each part of it."""
