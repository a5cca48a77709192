"""Checks and converts the councils' exports before a build, and judges their answers during a build."""
