"""What a comparison says, in a sentence or two: who was best, and whether that may be chance. Draws nothing."""

from __future__ import annotations

import math

from engine.comparing.differing import Difference, diebold_mariano
from engine.comparing.origins import overlap
from engine.comparing.rolled import Rolled, naive, title


def difference(found: Rolled, first: str, other: str) -> Difference:
    """The Diebold-Mariano test of their mean |e| at each origin."""
    together = overlap(found.origins, found.truth.shape[1])
    return diebold_mariano(found.loss(first), found.loss(other), together)


def ranked(found: Rolled) -> list[str]:
    """Everyone who said something at every origin, the lowest mean |e| first."""
    return sorted(found.whole, key=lambda name: float(found.loss(name).mean()))


def verdict(found: Rolled) -> str:
    """Says when the naive line wins, and when a difference is noise."""
    order = ranked(found)
    lines = [name for name in order if naive(name)]
    models = [name for name in order if not naive(name)]
    if not models:
        return "Nothing but naive lines was compared." if lines else "Nothing has been forecast at every origin yet."
    if not lines:
        return f"{title(models[0])} had the lowest error. {_second(found, models)}"
    best, line = models[0], lines[0]
    if order[0] == line:
        return (
            f"**The naive line wins.** No model had a lower error than “{title(line)}”: its mean error is "
            f"{_below(found, line, best)} of {title(best)}, the best model ({test(difference(found, line, best))})."
        )
    one = difference(found, best, line)
    lead = f"mean error is {_below(found, best, line)} of “{title(line)}”, the best line that learns nothing"
    if one.noise:
        return (
            f"**Noise.** {title(best)} had the lowest error, but its lead may be chance: its {lead} ({test(one)}). "
            "Nothing here proves that a model is needed."
        )
    return f"**{title(best)} beats the naive lines:** its {lead} ({test(one)}). {_second(found, models)}"


def _below(found: Rolled, first: str, other: str) -> str:
    errors = [float(found.loss(name).mean()) for name in (first, other)]
    return f"{100 * (1 - errors[0] / errors[1]) if errors[1] else 0.0:.1f} % below that"


def _second(found: Rolled, models: list[str]) -> str:
    """How it stands to the next one."""
    if len(models) < 2:
        return ""
    best, second = models[:2]
    one = difference(found, best, second)
    said = "may be chance" if one.noise else "is more than chance"
    return f"Its lead over {title(second)}, the next, {said} ({test(one)})."


def test(one: Difference) -> str:
    """The test in figures."""
    if math.isnan(one.p):
        return f"too few origins to test, {one.origins}"
    p = f"p = {one.p:.3f}" if one.p >= 0.001 else "p < 0.001"
    return f"Diebold-Mariano {one.statistic:+.2f}, {p}, {one.origins} origins"
