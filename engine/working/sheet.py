"""A sheet: numbers given, numbers worked out of them, in named steps. Knows no lesson.

sheet = Sheet()
x = sheet.given("x", {1: 0.5, 2: 0.9}, "input", title="input", axes=("t",))
w = sheet.given("w", 0.3, "weight", title="weight")
with sheet.step("Forward"):
    h = sheet.let("h", 1, tanh(w * x[1]))
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.explaining.formula import Formula
from engine.nouns.explanation import Place
from engine.working.number import Role, Term, Worked, formula_of, value_of

if TYPE_CHECKING:
    from engine.working.backward import Backward

Index = int | tuple[int, ...]
Cells = dict[Any, Worked]
"""The numbers of an array by their index, counted from 1: `h[2]`, `W[1, 2]`."""
PRIME = "'"
DRAWN = 1.0  # other weights and inputs are drawn between minus and plus this


@dataclass(frozen=True)
class Array:
    """What the numbers of one name are: in words, with the axes of their index."""

    title: str
    axes: tuple[str, ...] = ()
    across: bool = False
    """Whether a single axis runs from left to right instead of downwards."""
    grey: bool = False
    """Whether it is an image, from 0 for black to 1 for white."""


@dataclass
class Step:
    """One named step. numbers: the keys of what was given or worked out in it, in order."""

    name: str
    numbers: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    """Arrays to be shown with it, besides those it works on."""


Work = Callable[["Sheet"], None]
"""A lesson's numbers: a function that works them out on a sheet."""


class Sheet:
    """Holds every number in the order in which it was made.

    edits: values in place of the given ones, by key. seed: draws all weights and inputs anew where it is not None.
    """

    def __init__(self, edits: Mapping[str, float] | None = None, seed: int | None = None) -> None:
        self.edits, self.used = dict(edits or {}), set[str]()
        self._random = None if seed is None else np.random.default_rng(seed)
        self.numbers: dict[str, Worked] = {}
        self.uses: dict[str, list[str]] = {}
        self.arrays: dict[str, Array] = {}
        self.labels: dict[str, tuple[str, ...]] = {}
        """What the positions along an axis are called, where they have names instead of numbers."""
        self.steps: list[Step] = []
        self._step: Step | None = None
        self.ways_back: list[Backward] = []
        self.iteration, self.tag = 0, ""

    @contextlib.contextmanager
    def step(self, name: str, *also: str) -> Iterator[None]:
        """Numbers made inside belong to the step of that name, those outside to none. also: arrays to show with it."""
        self._step = Step(name, also=list(also))
        self.steps.append(self._step)
        yield
        self._step = None

    @contextlib.contextmanager
    def tagged(self, tag: str, iteration: int = 0) -> Iterator[None]:
        """Numbers made inside carry the tag in their name, `h.tag`, and belong to that iteration of its own count."""
        before = self.tag, self.iteration
        self.tag, self.iteration = tag, iteration
        yield
        self.tag, self.iteration = before

    def given(
        self, name: str, values: float | Mapping[Any, float], role: Role, title: str, axes: tuple[str, ...] = (),
        across: bool = False, grey: bool = False,
    ) -> Any:  # fmt: skip
        """Numbers that a person may edit: one, or `Cells` as `values` has them."""
        self.arrays[name] = Array(title, axes, across, grey)
        if not isinstance(values, Mapping):
            return self._give(name, (), float(values), role)
        return {index: self._give(name, _tuple(index), value, role) for index, value in values.items()}

    def _give(self, name: str, index: tuple[int, ...], value: float, role: Role) -> Worked:
        place = Place(name, index)
        if self._random is not None and role in ("input", "weight"):
            value = round(float(self._random.uniform(-DRAWN, DRAWN)), 2)
        if str(place) in self.edits:
            value = float(self.edits[str(place)])
            self.used.add(str(place))
        return self._add(Worked(place, value, name, role))

    def declare(self, name: str, title: str, *axes: str, across: bool = False) -> None:
        """What the numbers of that name will be, for those who look at them."""
        self.arrays[name] = Array(title, axes, across)

    def axes(self, base: str) -> tuple[str, ...]:
        return self.arrays[base].axes if base in self.arrays else ()

    def let(self, name: str, index: Index, term: Term | float) -> Worked:
        """A number worked out, and given a name."""
        return self.keep(Place(self.marked(name), _tuple(index)), name, formula_of(term))

    def copy(self, name: str, index: Index, weight: Worked) -> Worked:
        """A weight of its own that begins as another one."""
        return self.keep(Place(self.marked(name), _tuple(index)), name, weight.formula, "weight")

    def keep(self, place: Place, base: str, formula: Formula, role: Role = "worked") -> Worked:
        """The same from a place and a formula."""
        return self._add(Worked(place, value_of(formula) + 0.0, base, role, formula))  # + 0.0: never -0

    def marked(self, base: str, ahead: int = 0) -> str:
        """What an array is called at this point: its name, the tag, and a ' for each iteration and those ahead."""
        return f"{base}{'.' if self.tag else ''}{self.tag}{PRIME * (self.iteration + ahead)}"

    def _add(self, number: Worked) -> Worked:
        if number.key in self.numbers:
            raise ValueError(f"{number.key} was there already")
        self.numbers[number.key] = number
        if self._step is not None:
            self._step.numbers.append(number.key)
        for key in number.operands:
            self.uses.setdefault(key, []).append(number.key)
        return number

    def update(self, weights: Any, gradients: Any, rate: Worked) -> Any:
        """w' = w - rate * gradient of w, for one weight or each of an array's (as `Cells`): gradient descent."""
        if isinstance(weights, Worked):
            return self._updated(weights, gradients, rate)
        return {index: self._updated(weight, gradients[index], rate) for index, weight in weights.items()}

    def _updated(self, weight: Worked, gradient: Worked, rate: Worked) -> Worked:
        place = Place(self.marked(weight.base, ahead=1), weight.place.index)
        return self.keep(place, weight.base, (weight - rate * gradient).formula, "weight")

    def next_iteration(self) -> None:
        """What is made from now on carries one ' more."""
        self.iteration += 1

    @property
    def unknown(self) -> list[str]:
        """Edits of numbers that are not there."""
        return sorted(set(self.edits) - self.used)

    def dependents(self, key: str) -> set[str]:
        """The keys of every number that this one went into, directly or through others."""
        found: set[str] = set()
        waiting = [key]
        while waiting:
            new = set(self.uses.get(waiting.pop(), ())) - found
            found |= new
            waiting.extend(new)
        return found

    def value(self, key: str) -> float:
        return self.numbers[key].value


def _tuple(index: Index) -> tuple[int, ...]:
    return index if isinstance(index, tuple) else (index,)


def worked(work: Work, edits: Mapping[str, float] | None = None, seed: int | None = None) -> Sheet:
    """All the numbers of a lesson, from the given ones or from edits and a seed."""
    sheet = Sheet(edits, seed)
    work(sheet)
    return sheet
