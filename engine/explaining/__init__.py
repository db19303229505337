"""Explanations: every number of an update as the arithmetic that made it, down to data and weights.

A tape keeps what a pass through the network did; rules know one operation each; a moment is one update recomputed
from its causes. Start at `engine.explaining.moment`. Knows no model by name and no page.
"""
