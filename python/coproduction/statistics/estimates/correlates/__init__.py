"""Correlations of the outcomes with what people think and who they are."""
