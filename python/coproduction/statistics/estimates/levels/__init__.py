"""Levels: how many people act, and by how much two levels differ."""
