"""Adds a survey with its completed draft to the codebook, and takes one out again."""
