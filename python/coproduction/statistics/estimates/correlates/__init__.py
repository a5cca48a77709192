"""Correlations of the outcomes with opinions and characteristics of the respondents."""
