"""A moment: one update recomputed from its causes, sub-step by sub-step, every number of it explained.

Knows no model by name and no page. What it recomputes is held against what was recorded: see `differences`.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.explaining.data import Data
from engine.explaining.formula import Formula, Known, evaluate, leaves
from engine.explaining.names import LOSS
from engine.explaining.passes import Pass, shown
from engine.explaining.tracing import Tracing
from engine.explaining.uncollected import uncollected
from engine.explaining.update import FACTOR, NORM, SINGLE, Update
from engine.explaining.writing import in_full, in_short, names
from engine.nouns.explanation import PROBE, Explanation, Operand, Part, Place
from engine.nouns.lineage import made_under
from engine.nouns.trace import Trace
from engine.preparing.prepare import prepare
from engine.replaying import restore
from engine.training.loop import Training
from engine.training.model import network_of

Substep = Literal["forward", "loss", "backward", "clip", "update"]
SUBSTEPS: tuple[Substep, ...] = get_args(Substep)


class Numbers(NamedTuple):
    """The numbers under one name. axes, shape: of their places, the window's first where they name one."""

    array: str
    part: Part
    axes: tuple[str, ...]
    shape: tuple[int, ...]


class Moment:
    """Update `step` of a recorded run; step 0 has the probe window only, before anything was learned.

    start: where in the series the probe window begins; the last window before the split where it is not said.
    Raises Lesson where the run's model is no network, KeyError where the update was not recorded.
    """

    def __init__(self, trace: Trace, step: int, start: int | None = None) -> None:
        self._network, self.prepared = network_of(trace.run.model), prepare(trace.run, trace.series)
        self.trace, self.step, self.frame = trace, step, trace.frame(step)
        self.start = self.prepared.probe.start if start is None else start
        self.supposed: Mapping[Place, float] = {}

    @cached_property
    def _series(self) -> Data:
        """The probe window's data; the values of the series are the same for all windows."""
        return Data(self.prepared, [self.start])

    @property
    def batch(self) -> Pass:
        """The windows this update learned from, through the weights before it. Raises Lesson at step 0."""
        return self._learned[0]

    @property
    def update(self) -> Update:
        """From the batch's gradient to the new weights. Raises Lesson at step 0."""
        return self._learned[1]

    @property
    def starts(self) -> list[int]:
        """Where in the series each window of the batch begins. Raises Lesson at step 0."""
        return self._learned[2].starts

    @cached_property
    def _learned(self) -> tuple[Pass, Update, Data]:
        """Recomputed only where it is asked for: the numbers of the probe window need none of it."""
        if not self.step:
            raise Lesson(
                "Step 0 is the model before its first update: it has no batch, no gradient and no update yet.",
                "From step 1 on every update has its five sub-steps.",
                "Go to step 1, or look at the probe window.",
            )
        run, series = made_under(self.trace.run, self.trace.series, self.step)  # a fork's past was its parent's
        training = Training(self._network, run, series, restore(self.trace, self.step - 1))
        starts = training.windows.starts(self.step)
        batch = Pass(training, shown(training, starts, self.step), False, "value")
        update = Update(training, self.step, self.frame.learning_rate)
        update.hold_against(self.frame.signals["weights"])
        return batch, update, Data(prepare(run, series), starts.tolist())

    @cached_property
    def probe(self) -> Pass:
        """The probe window through the weights this update left behind, as the recorded signals show it."""
        most = len(self.prepared.series) - self.trace.run.window - self.trace.run.horizon
        fewest = self.prepared.learned.differences.lost
        if not fewest <= self.start <= most:
            raise Lesson(
                f"No window with its whole forecast begins at value {self.start}.",
                "A window is explained with its loss, so the values it forecasts have to be there.",
                f"Choose a start from {fewest} to {most}.",
            )
        training = Training(self._network, self.trace.run, self.trace.series, None)
        training.parameters.flat.copy_(torch.from_numpy(np.array(self.frame.signals["weights"])))
        data = shown(training, np.array([self.start]))
        return Pass(training, data, True, "updated" if self.step else "value", self.supposed)

    def supposing(self, supposed: Mapping[Place, float]) -> Moment:
        """The same moment with numbers of its probe window replaced, by canonical place; its batch stays as it was."""
        other = copy.copy(self)
        other.__dict__.pop("probe", None)
        other.supposed = supposed
        return other

    def differences(self) -> dict[str, float]:
        """How far what was recomputed lies from what was recorded; 0 is bit for bit. Weights: the largest.

        Off the plain path the update was computed by the same equations, rounded elsewhere: then they are not 0 but
        of the size of a float32's rounding.
        """
        return {
            LOSS: abs(self.batch.loss - self.frame.loss),
            NORM: abs(self.update.single[NORM] - self.frame.norm),
            FACTOR: abs(self.update.single[FACTOR] - self.frame.scale),
            "weights": self.update.away,
        }

    # What there is

    def numbers(self, substep: Substep, *, probe: bool = False) -> list[Numbers]:
        """The arrays of one sub-step, in the order they are made: of the batch, or as the probe window passes."""
        if substep in ("forward", "loss"):
            on_tape = self.probed() if probe else _on_tape(self.batch, "value")
            return [n for n in on_tape if (n.array.split("/")[0] in (LOSS, "y")) == (substep == "loss")]
        if substep == "backward":
            return (self.probed("gradient") if probe else _on_tape(self.batch, "gradient"))[::-1]
        parts = ["norm", "clipped"] if substep == "clip" else self.update.spent
        shapes = self.update.shapes.items()
        found = [Numbers(name, part, ("",) * len(shape), shape) for part in parts for name, shape in shapes]  # type: ignore[arg-type]
        if substep == "clip":
            found = [n._replace(axes=(), shape=()) if n.part == "norm" else n for n in found]
            found[len(shapes) : len(shapes)] = [Numbers(name, "value", (), ()) for name in (NORM, FACTOR)]
        return found

    def probed(self, part: Part = "value") -> list[Numbers]:
        """The arrays of the probe window: what went forward, or the gradients that came back."""
        return _on_tape(self.probe, part)

    def array(self, name: str, part: Part = "value", *, probe: bool = False) -> NDArray[np.floating]:
        """All numbers of one array, in the axes that `numbers` or `probed` says."""
        if probe or part in ("value", "gradient"):
            return (self.probe if probe else self.batch).array(name, part)
        return self.update.parts[part][name]

    # Reading and explaining

    def canonical(self, place: Place) -> Place:
        """The place written out: its axes named, and the probe window where none is named but one is needed.

        Raises Lesson where this moment has no such number.
        """
        of_series = self._series.canonical(place) if place.part == "value" else None
        if of_series is not None:
            return of_series
        if place.part not in ("value", "gradient", "share") or place.array in SINGLE:
            return self.update.canonical(place)
        run = self._pass(place)
        named = run.names.arrays.get(place.array)
        if named and place.window is None and (named.axes[:1] == ("window",) or not self.step):
            run, place = self.probe, dataclasses.replace(place, window=PROBE)
        place = run.names.canonical(place)
        if place.part == "value" and place.array in run.names.parameters:
            place = dataclasses.replace(place, part=run.names.weights, window=None)
        return place

    def value(self, place: Place) -> float:
        """The number at a place. Raises Lesson where there is none."""
        place = self.canonical(place)
        if place.part == "share":
            _, formula = self._explained(place)
            return evaluate(formula, _known) if formula else 0.0
        return self._read(place)

    def _read(self, place: Place) -> float:
        of_series = self._series.at(place) if place.part == "value" else None
        found = self.supposed.get(place, of_series)
        return self._owner(place).at(place) if found is None else found

    def explain(self, place: Place) -> Explanation:
        """How the number at a place came about. Raises Lesson where there is none."""
        with uncollected():
            return self._explain(self.canonical(place))

    def _explain(self, place: Place) -> Explanation:
        operation, formula = self._explained(place)
        result = evaluate(formula, _known) if formula and place.part == "share" else self._read(place)
        name = str(place)
        if formula is None:
            return Explanation(place, name, operation, (), result, f"{name} = {result:.9g}", f"{name} = {result:.4g}")
        operands: dict[Place, Operand] = {}
        for leaf in leaves(formula):
            if isinstance(leaf, Known):
                operands.setdefault(leaf.place, Operand(leaf.place, leaf.value, leaf.role))
        symbol = f"{name} = {names(formula, cut=True)}"
        full, short = in_full(name, formula, result), in_short(name, formula, result)
        return Explanation(place, symbol, operation, tuple(operands.values()), result, full, short)

    def _explained(self, place: Place) -> tuple[str, Formula | None]:
        if place in self.supposed:
            return "supposed", None
        if place.part == "value" and self._series.at(place) is not None:
            return "data", None
        owner = self._owner(place)
        if isinstance(owner, Update):
            return owner.explained(place)
        tracing = Tracing(owner, self._series if owner.names.probe else self._learned[2])
        if place.part == "share":
            return tracing.share(place)
        return tracing.backward(place) if place.part == "gradient" else tracing.forward(place)

    def _owner(self, place: Place) -> Pass | Update:
        of_update = place.part not in ("value", "gradient", "share") or place.array in SINGLE
        return self.update if of_update else self._pass(place)

    def _pass(self, place: Place) -> Pass:
        return self.probe if place.window == PROBE or not self.step else self.batch


def _known(leaf: Any) -> float:
    return float(leaf.value)


def _on_tape(run: Pass, part: Part) -> list[Numbers]:
    arrays = [n for n in run.names.ordered() if part == "value" or all(t.requires_grad for t in n.tensors.values())]
    return [Numbers(n.name, part, n.axes, n.shape) for n in arrays]
