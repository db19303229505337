"""What a network is shown, opened down to the numbers of the person's own series. Knows no network and no tape.

It says in formulas what `engine.training.windows` and `engine.preparing.prepare` do.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.explaining.formula import Formula, Known, Quotient, call, evaluate, minus
from engine.nouns.explanation import Place
from engine.preparing.prepare import Prepared

SERIES, MEAN, DEVIATION = "series", "series_mean", "series_deviation"
CLOSE = 1e-5  # relative: float32 rounds twice on the way


class Data:
    """The windows of one pass: `starts` are the positions in the series where each begins."""

    def __init__(self, prepared: Prepared, starts: Sequence[int]) -> None:
        self.prepared, self.starts = prepared, [int(start) for start in starts]

    def opened(self, place: Place, window: int, value: float) -> Formula | None:
        """The formula of a number of x or y in the series' own values; None where it was made in another way."""
        first = self.starts[window]
        last = first + self.prepared.run.window - 1
        step = place.index[0]
        position = first + step if place.array == "x" else last + 1 + step
        if (place.array == "x" and place.index[1:] != (0,)) or (place.array == "y" and len(place.index) != 1):
            return None
        shown = self._scaled(position)
        formula = minus(shown, self._scaled(last)) if self.prepared.run.anchor == "change" else shown
        made = evaluate(formula, lambda leaf: leaf.value if isinstance(leaf, Known) else float("nan"))
        largest = max(abs(value), abs(float(self.prepared.scaled[last])))
        return formula if abs(made - value) <= CLOSE * max(1.0, largest) else None

    def at(self, place: Place) -> float | None:
        """A value of the series, or what it was scaled by; None where the place is none of these."""
        if place.array == SERIES and len(place.index) == 1 and place.index[0] < len(self.prepared.series):
            return float(self.prepared.series.values[place.index[0]])
        return {MEAN: self.prepared.mean, DEVIATION: self.prepared.deviation}.get(place.array)

    def _scaled(self, position: int) -> Formula:
        value = Known(Place(SERIES, (position,), ("position",)), float(self.prepared.series.values[position]), "value")
        mean = Known(Place(MEAN), self.prepared.mean, "mean of the training part")
        deviation = Known(Place(DEVIATION), self.prepared.deviation, "deviation of the training part")
        transformed: Formula = call("log", value) if self.prepared.run.transform == "log" else value
        return Quotient(minus(transformed, mean), deviation)
