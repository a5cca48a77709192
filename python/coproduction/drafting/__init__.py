"""Drafts a codebook from the file of any survey tool, and adds a completed draft to the project."""
