"""Honest comparison: the same origins for every forecaster, and nothing known before its time. Draws nothing."""
