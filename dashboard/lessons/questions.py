"""Questions to be guessed before the answer is shown; every answer is computed from the numbers as they are.

Know no lesson and draw nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.explaining.writing import in_full
from engine.working.sheet import Sheet

Again = Callable[[Mapping[str, float]], Sheet]
"""The same lesson with some numbers changed: what would be."""
NEAR = 0.05  # of the width of the axis: so close counts as right


@dataclass(frozen=True)
class Answer:
    """The truth. values: by option; of a single number under "". arithmetic: sentences that lead to it."""

    values: Mapping[str, float]
    arithmetic: tuple[str, ...]

    @property
    def best(self) -> str:
        """The option with the largest value, the first of equals."""
        return max(self.values, key=lambda option: self.values[option])


@dataclass(frozen=True)
class Predict:
    """What will a number be?

    key: unlike every other of its lesson. place: the number's key. changes: it is asked of the lesson with these
    numbers set. axis: the range in which an answer is to be expected, and on which it is drawn.
    """

    key: str
    ask: str
    place: str
    axis: tuple[float, float] = (-1.0, 1.0)
    changes: Mapping[str, float] | None = None

    def answer(self, sheet: Sheet, again: Again) -> Answer:
        number = (again(self.changes) if self.changes else sheet).numbers[self.place]
        if number.made is None:
            raise ValueError(f"{self.place} is given: there is nothing to predict")
        return Answer({"": number.value}, (in_full(number.key, number.made, number.value),))

    def hides(self, sheet: Sheet) -> frozenset[str]:
        """The keys of the numbers that are veiled until it is answered."""
        return frozenset() if self.changes else frozenset({self.place} | sheet.dependents(self.place))

    def right(self, guess: float | str, answer: Answer) -> bool:
        low, high = self.axis
        return abs(float(guess) - answer.values[""]) <= NEAR * (high - low)


@dataclass(frozen=True)
class Which:
    """Which of some is the largest?

    values: by option, computed from the numbers as they are, and as they would be. what: what they measure, for the
    axis. veils: keys of the numbers that would tell.
    """

    key: str
    ask: str
    what: str
    values: Callable[[Sheet, Again], Mapping[str, float]]
    veils: tuple[str, ...] = ()

    def answer(self, sheet: Sheet, again: Again) -> Answer:
        values = dict(self.values(sheet, again))
        return Answer(values, tuple(f"{option}: {value:.4g}" for option, value in values.items()))

    def hides(self, sheet: Sheet) -> frozenset[str]:
        return frozenset(self.veils).union(*(sheet.dependents(key) for key in self.veils))

    def right(self, guess: float | str, answer: Answer) -> bool:
        return answer.values[str(guess)] == answer.values[answer.best]


Question = Predict | Which
