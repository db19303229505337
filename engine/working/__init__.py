"""Worked numbers: small networks by hand, every number of them with the arithmetic that made it, forward and backward.

Plain float64, no torch: a page works everything anew at every edit. Start at `engine.working.sheet`.
Knows no lesson and no page.
"""
