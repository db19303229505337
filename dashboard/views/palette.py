"""The colours of every figure, in one place. Knows no figure; its test looks at it with other eyes.

One hue has one meaning: blue is what the model learns from, orange what it says of what it has not seen, grey what
nobody had to train, ink what is simply so. They carry on light paper and on dark.
"""

from __future__ import annotations

INK = "#2b3640"
"""Facts: truth, totals. The stage draws it in the text colour of the theme (see `INKED`)."""
INKED = "ink"
"""A trace with this `meta` is drawn in the text colour of the theme."""
TRAINING = "#2f83bd"
UNSEEN = "#e0871c"
NAIVE = "#8994a3"
CLIPPED = "#c04a80"
GOOD = "#4eb06e"
"""What went well: the best validation so far."""
ENDED = "#554fdd"
"""Training came to an end that it found by itself."""
UNDONE = "#b08d00"
"""Training ended where it should not have."""
EVENTS = {
    "fed the truth": TRAINING, "clipped": CLIPPED, "best validation": GOOD,
    "converged": ENDED, "stopped early": ENDED, "not converged": UNDONE, "not a number": INK,
}  # fmt: skip
"""The rarer, the later; what comes later is drawn over the rest."""

MANY = ("#2f83bd", "#e0871c", "#554fdd", "#75601f", "#49a7a1", "#8fb674")
"""For lines that only have to be told apart, such as parameters and layers; taken in turn."""

Scale = list[tuple[float, str]]
DIVERGING: dict[str, Scale] = {
    "light": [(0, "#0d4a7c"), (0.25, "#5a9dce"), (0.5, "#f7f5f0"), (0.75, "#eba04a"), (1, "#8a4300")],
    "dark": [(0, "#8fd0ff"), (0.25, "#2f78ae"), (0.5, "#171d24"), (0.75, "#b9691b"), (1, "#ffc889")],
}
"""Signed values, centred on zero. Figures carry "light" as `layout.coloraxis`; the stage swaps it with the theme."""

SEQUENTIAL: dict[str, Scale] = {
    "light": [(0, "#f1efe8"), (0.25, "#bcd8d0"), (0.5, "#6fb0a8"), (0.75, "#2a807f"), (1, "#0b454c")],
    "dark": [(0, "#1a222a"), (0.25, "#194750"), (0.5, "#237a7c"), (0.75, "#5db3a7"), (1, "#cdf3e4")],
}
"""Magnitudes: the stronger, the further from the paper."""
WEIGHTS: dict[str, Scale] = {
    "light": [(0, "#571c48"), (0.25, "#a0708f"), (0.5, "#f7f5f0"), (0.75, "#5cab74"), (1, "#1d5a33")],
    "dark": [(0, "#e0abc8"), (0.25, "#9a4279"), (0.5, "#171d24"), (0.75, "#4f8c4f"), (1, "#c2e8b4")],
}
"""What was learnt, signed, centred on zero: never taken for what passes through it."""
SCALES = {"diverging": DIVERGING, "sequential": SEQUENTIAL, "weights": WEIGHTS}
"""By name: `layout.meta["scales"]` of a figure says which one each of its colour axes takes, by default the first."""


def turn(position: int) -> str:
    """The colour of line number `position`."""
    return MANY[position % len(MANY)]
