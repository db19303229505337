"""Signals made from other signals by arithmetic: pure functions of arrays. Know no model, no torch.

T is time in the window, H units, "..." any axes before them (updates). Arithmetic is float64; what comes in is float32.
"""
