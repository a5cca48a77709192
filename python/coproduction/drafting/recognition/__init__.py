"""Recognises what a column of a survey measures: its answers, its wording, its shape."""
