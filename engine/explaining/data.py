"""What a network is shown, opened down to the numbers of the person's own series. Knows no network and no tape.

It says in formulas what `engine.training.windows` and `engine.preparing.prepare` do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from engine.explaining.formula import (
    Formula,
    Known,
    Literal,
    Negative,
    Power,
    Quotient,
    call,
    evaluate,
    minus,
    plus,
    times,
)
from engine.nouns.explanation import Place
from engine.preparing.prepare import Prepared
from engine.preparing.scaling import WORDS, Scale

SERIES, MIDDLE, SPREAD = "series", "series_middle", "series_spread"
EXPONENT, TYPICAL = "series_exponent", "series_typical"
COVARIATE, COVARIATE_MIDDLE, COVARIATE_SPREAD = "covariate", "covariate_middle", "covariate_spread"
AXES = {
    SERIES: ("position",), COVARIATE: ("position", "column"), COVARIATE_MIDDLE: ("column",),
    COVARIATE_SPREAD: ("column",),
}  # fmt: skip
CLOSE = 1e-5  # relative: float32 rounds twice on the way


class Data:
    """The windows of one pass: `starts` are the positions in the series where each begins."""

    def __init__(self, prepared: Prepared, starts: Sequence[int]) -> None:
        self.prepared, self.starts = prepared, [int(start) for start in starts]

    def opened(self, place: Place, window: int, value: float) -> Formula | None:
        """The formula of a number of x, y or known in the series' own values; None where it was made in another way."""
        formula = self._formula(place, self.starts[window])
        if formula is None:
            return None
        made = evaluate(formula, lambda leaf: leaf.value if isinstance(leaf, Known) else float("nan"))
        last = self.prepared.scaled[self.starts[window] + self.prepared.run.window - 1]
        return formula if abs(made - value) <= CLOSE * max(1.0, abs(value), abs(float(last))) else None

    def _formula(self, place: Place, first: int) -> Formula | None:
        run, (step, *more) = self.prepared.run, place.index
        after = first + run.window
        if place.array == "known":  # beside a forecast from the window's end, or from each of its steps
            ahead = (after if len(more) == 1 else first + step + 1) + (step, *more)[-2]
            return self._beside(run.covariates.index(run.known_ahead[more[-1]]), ahead)
        if place.array == "x" and more != [0]:
            return self._beside(more[0] - 1, first + step)
        if place.array not in ("x", "y") or (place.array == "y" and more):
            return None
        shown = self._scaled(first + step if place.array == "x" else after + step)
        return minus(shown, self._scaled(after - 1)) if run.anchor == "change" else shown

    def at(self, place: Place) -> float | None:
        """A value of the series or of a covariate, or what it was scaled by; None where the place is none of these."""
        found, series = self._constants().get((place.array, place.index)), self.prepared.series
        if place.array == SERIES and len(place.index) == 1 and place.index[0] < len(series):
            return float(series.values[place.index[0]])
        if place.array == COVARIATE and len(place.index) == 2 and place.index[1] < len(self.prepared.beside):
            return self._raw(*place.index)
        return found

    def canonical(self, place: Place) -> Place | None:
        """The place with its axes named; None where it is none of these."""
        axes = AXES.get(place.array, ())
        return None if self.at(place) is None else dataclasses.replace(place, axes=axes)

    def _constants(self) -> dict[tuple[str, tuple[int, ...]], float]:
        learned = self.prepared.learned
        found: dict[tuple[str, tuple[int, ...]], float] = {}
        found |= {(MIDDLE, ()): learned.scale.middle, (SPREAD, ()): learned.scale.spread}
        if learned.power.exponent is not None:
            found |= {(EXPONENT, ()): learned.power.exponent, (TYPICAL, ()): learned.power.typical}
        for column, scale in enumerate(self.prepared.beside):
            found |= {(COVARIATE_MIDDLE, (column,)): scale.middle, (COVARIATE_SPREAD, (column,)): scale.spread}
        return found

    def _scaled(self, position: int) -> Formula:
        """A value as it is shown: transformed, less earlier ones where differences are taken, and scaled."""
        words = WORDS[self.prepared.run.scaling]
        terms: list[Formula] = []
        factors = self.prepared.learned.differences.weights
        if position < max(factors):
            return Literal(float("nan"))  # a difference that was lost is shown in no window
        for lag, factor in factors.items():
            term = times(Literal(abs(factor)), self._transformed(position - lag))
            terms.append(term if factor > 0 else Negative(term))
        return _standardised(plus(*terms), self.prepared.scale, Place(MIDDLE), Place(SPREAD), words)

    def _transformed(self, position: int) -> Formula:
        """log(y), or ((y / g)^p - 1) / p."""
        value = Known(Place(SERIES, (position,), ("position",)), float(self.prepared.series.values[position]), "value")
        power = self.prepared.learned.power
        if power.exponent is None:
            return value
        typical = Known(Place(TYPICAL), power.typical, "geometric mean of the training part")
        ratio: Formula = value if power.typical == 1 else Quotient(value, typical)
        if power.exponent == 0:
            return call("log", ratio)
        exponent = Known(Place(EXPONENT), power.exponent, "exponent found on the training part")
        return Quotient(minus(Power(ratio, exponent), Literal(1.0)), exponent)

    def _beside(self, column: int, position: int) -> Formula | None:
        """A covariate as it is shown, out of the person's own number."""
        if not 0 <= column < len(self.prepared.beside):
            return None
        run = self.prepared.run
        name = run.covariates[column]
        place = Place(COVARIATE, (position, column), ("position", "column"))
        value = Known(place, self._raw(position, column), f"value of “{name}”")
        middle, spread = (
            Place(COVARIATE_MIDDLE, (column,), ("column",)),
            Place(COVARIATE_SPREAD, (column,), ("column",)),
        )
        words = WORDS[run.scaling if run.scaling == "power of ten" else "standard"]  # the only one that both share
        return _standardised(value, self.prepared.beside[column], middle, spread, words)

    def _raw(self, position: int, column: int) -> float:
        run, series = self.prepared.run, self.prepared.series
        return float(series.covariates.take(run.covariates[column : column + 1], position + 1)[position, 0])


def _standardised(formula: Formula, scale: Scale, middle: Place, spread: Place, words: tuple[str, str]) -> Formula:
    above = minus(formula, Known(middle, scale.middle, words[0]))
    return Quotient(above, Known(spread, scale.spread, words[1]))
