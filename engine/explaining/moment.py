"""A moment: one update recomputed from its causes, sub-step by sub-step, every number of it explained.

Knows no model by name and no page. What it recomputes is held against what was recorded: see `differences`.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cached_property, partial
from typing import Literal, NamedTuple, get_args

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.explaining import updating
from engine.explaining.formula import Formula, Known, leaves
from engine.explaining.formula import Literal as Constant
from engine.explaining.names import LOSS
from engine.explaining.passes import Pass
from engine.explaining.writing import in_full, in_short, names
from engine.models.contract import models
from engine.nouns.explanation import PROBE, Explanation, Operand, Part, Place
from engine.nouns.trace import Trace
from engine.replaying import restore
from engine.training.loop import Training
from engine.training.network import Network
from engine.training.optimisers import clip
from engine.training.parameters import split

Substep = Literal["forward", "loss", "backward", "clip", "update"]
SUBSTEPS: tuple[Substep, ...] = get_args(Substep)
NORM, FACTOR = "norm", "clip_factor"
SETTINGS = ("learning_rate", "clip_threshold", "update")
MANY = 1024  # gradients whose norm is written out at once; of more, row by row


class Numbers(NamedTuple):
    """The numbers under one name: their part, and their axes and sizes in the order of a Place's index."""

    array: str
    part: Part
    axes: tuple[str, ...]
    shape: tuple[int, ...]


class Moment:
    """Update `step` of a recorded run; step 0 has the probe window only, before anything was learned.

    Raises Lesson where the run's model is no network, KeyError where the update was not recorded.
    """

    def __init__(self, trace: Trace, step: int) -> None:
        self.trace, self.step = trace, step
        self.frame = trace.frame(step)
        self._network = _network(trace.run.model)
        self._training = Training(self._network, trace.run, trace.series, restore(trace, max(0, step - 1)))
        self.parameters = list(self._training.parameters.views)
        self._shapes = {name: tuple(view.shape) for name, view in self._training.parameters.views.items()}
        if step:
            self._recompute()

    def _recompute(self) -> None:
        training, parameters = self._training, self._training.parameters
        self.parts: dict[str, dict[str, NDArray[np.floating]]] = {}
        inputs, targets = training.windows.at(self.step)
        self._keep("value", parameters.flat)
        self.batch = Pass(training, inputs, targets, probe=False, weights="value")
        self._keep("gradient", parameters.gradient)
        self.norms = parameters.norms()
        self.norm = math.hypot(*self.norms.values())
        self.factor = clip(parameters.gradient, self.norm, training.settings.clip)
        self._keep("clipped", parameters.gradient)
        for name, memory in training.optimiser.state.items():
            self._keep(f"{name} before", memory)
        training.optimiser.step(parameters.flat, parameters.gradient, self.frame.learning_rate, self.step)
        for name, memory in training.optimiser.state.items():
            self._keep(name, memory)
        self._keep("updated", parameters.flat)

    def _keep(self, part: str, flat: torch.Tensor) -> None:
        copy = torch.from_numpy(np.array(flat.detach().cpu().numpy()))
        self.parts[part] = {name: one.numpy() for name, one in split(copy, self._shapes).items()}

    @cached_property
    def probe(self) -> Pass:
        """The probe window through the weights this update left behind, as the recorded signals show it."""
        training = Training(self._network, self.trace.run, self.trace.series, None)
        training.parameters.flat.copy_(torch.from_numpy(np.array(self.frame.signals["weights"])))
        windows, run = training.windows, self.trace.run
        start = torch.tensor([len(windows.training) - 1 + run.horizon])
        inputs, targets = windows.take(start.numpy())
        return Pass(training, inputs, targets, probe=True, weights="updated" if self.step else "value")

    def differences(self) -> dict[str, float]:
        """How far what was recomputed lies from what was recorded, relative: 0 where bit for bit."""
        recorded = split(torch.from_numpy(np.array(self.frame.signals["weights"])), self._shapes)
        weights = max(float(np.abs(recorded[n].numpy() - new).max()) for n, new in self.parts["updated"].items())
        return {
            "loss": _relative(self.batch.loss, self.frame.loss),
            "norm": _relative(self.norm, self.frame.norm),
            "clip_factor": _relative(self.factor, self.frame.scale),
            "weights": weights,
        }

    # What there is

    def numbers(self, substep: Substep) -> list[Numbers]:
        """The arrays of one sub-step of the batch, in the order they are made."""
        self._updated()
        match substep:
            case "forward":
                return self._on_tape(self.batch, "value", False)
            case "loss":
                return self._on_tape(self.batch, "value", True)
            case "backward":
                return [n._replace(part="gradient") for n in reversed(self._on_tape(self.batch, "gradient", None))]
            case "clip":
                norms = [Numbers(name, "norm", (), ()) for name in self.parameters]
                whole = [Numbers(NORM, "value", (), ()), Numbers(FACTOR, "value", (), ())]
                return norms + whole + self._of_weights("clipped")
        memories = [part for part in self._updates if part != "updated"]
        parts: list[Part] = [f"{part} before" for part in memories]  # type: ignore[misc]
        return [n for part in (*parts, *memories, "updated") for n in self._of_weights(part)]  # type: ignore[arg-type]

    def probed(self, part: Part = "value") -> list[Numbers]:
        """The arrays of the probe window: what went forward, or the gradients that came back."""
        return self._on_tape(self.probe, part, None)

    def array(self, name: str, part: Part = "value", *, probe: bool = False) -> NDArray[np.floating]:
        """All numbers of one array; its first axis is the window's where its places name one."""
        if part in ("value", "gradient") and (probe or name not in self._shapes):
            return (self.probe if probe else self.batch).array(name, part)
        return self.parts[part][name]

    def _on_tape(self, run: Pass, part: Part, loss: bool | None) -> list[Numbers]:
        named = [n for n in run.names.arrays.values() if loss is None or (n.name.split("/")[0] in (LOSS, "y")) == loss]
        if part == "gradient":
            named = [n for n in named if all(t.requires_grad for t in n.tensors.values())]
        return [Numbers(n.name, part, n.axes, n.shape) for n in named]

    def _of_weights(self, part: Part) -> list[Numbers]:
        return [Numbers(name, part, ("",) * len(shape), shape) for name, shape in self._shapes.items()]

    @property
    def _updates(self) -> dict[Part, updating.Update]:
        return updating.UPDATES[self._training.settings.optimiser]

    def _updated(self) -> None:
        if not self.step:
            raise Lesson(
                "Step 0 is the model before its first update: there is no batch, no gradient and no update yet.",
                "From step 1 on every update has its five sub-steps.",
                "Go to step 1, or look at the probe window.",
            )

    # Reading and explaining

    def value(self, place: Place) -> float:
        """The number at a place. Raises Lesson where there is none."""
        if place.array in SETTINGS and place.part == "value":
            return self._setting(place.array).value
        if place.array in (NORM, FACTOR) and place.part == "value":
            self._updated()
            return self.norm if place.array == NORM else self.factor
        if place.part == "norm":
            return self._norm(place)
        if place.part == "share":
            return self._evaluated(place)
        if place.part in ("value", "gradient"):
            return self._pass(place).value(place)
        self._updated()
        return self._weight(place.part, place)

    def explain(self, place: Place) -> Explanation:
        """How the number at a place came about. Raises Lesson where there is none."""
        operation, formula = self._formula(place)
        result = self.value(place)
        if formula is None:
            text = f"{place} = {result:.9g}"
            return Explanation(place, str(place), operation, (), result, text, text)
        operands: dict[Place, Operand] = {}
        for leaf in leaves(formula):
            if isinstance(leaf, Known):
                operands.setdefault(leaf.place, Operand(leaf.place, leaf.value, leaf.role))
        return Explanation(
            place, f"{place} = {names(formula, cut=True)}", operation, tuple(operands.values()), result,
            in_full(str(place), formula, result), in_short(str(place), formula, result),
        )  # fmt: skip

    def _formula(self, place: Place) -> tuple[str, Formula | None]:
        if place.array in SETTINGS and place.part == "value":
            return "setting", None
        if place.array == NORM and place.part == "value":
            parts = [Known(Place(n, part="norm"), value, "norm") for n, value in self.norms.items()]
            return "length of the whole gradient", updating.norm(parts)
        if place.array == FACTOR and place.part == "value":
            if not self._training.settings.clip:
                return "constant", None
            whole = Known(Place(NORM), self.norm, "norm")
            return "clip factor", updating.factor(whole, self._setting("clip_threshold"))
        match place.part:
            case "value":
                return self._pass(place).forward(place)
            case "gradient":
                return self._pass(place).backward(place)
            case "share":
                return self._pass(place).share(place)
            case "norm":
                return "length of a gradient", updating.norm(self._under_norm(place))
            case "clipped":
                factor = Known(Place(FACTOR), self.factor, "clip factor")
                return "clipping", updating.clipped(self._known(place, "gradient", "gradient"), factor)
        if place.part not in self._updates:
            self._weight(place.part, place)
            return "memory", None
        read = lambda part, role: self._known(place, part, role)  # noqa: E731
        return f"{self._training.settings.optimiser} update", self._updates[place.part](read, self._setting)

    def _pass(self, place: Place) -> Pass:
        if place.window == PROBE or not self.step:
            return self.probe
        return self.batch

    def _known(self, place: Place, part: Part, role: str) -> Known:
        at = dataclasses.replace(place, part=part, window=None)
        return Known(at, self._weight(part, at), role)

    def _weight(self, part: str, place: Place) -> float:
        return float(self.parts[part][place.array][place.index])

    def _setting(self, name: str) -> Known:
        values = {
            "learning_rate": self.frame.learning_rate,
            "clip_threshold": self._training.settings.clip,
            "update": float(self.step),
        }
        return Known(Place(name), values[name], "setting")

    def _norm(self, place: Place) -> float:
        if not place.index:
            return self.norms[place.array]
        return float(np.linalg.norm(self.parts["gradient"][place.array][place.index].astype(np.float64)))

    def _under_norm(self, place: Place) -> list[Known]:
        """The numbers a norm is the length of: gradients, or where these are many the norms of their rows."""
        gradients = self.parts["gradient"][place.array][place.index]
        if gradients.size > MANY and gradients.ndim > 1:
            rows = [Place(place.array, (*place.index, row), part="norm") for row in range(len(gradients))]
            return [Known(row, self._norm(row), "norm") for row in rows]
        return [
            Known(Place(place.array, (*place.index, *at), part="gradient"), float(value), "gradient")
            for at, value in np.ndenumerate(gradients)
        ]


def _network(name: str) -> Network:
    fit = models()[name].fit
    if isinstance(fit, partial) and isinstance(fit.args[0], Network):
        return fit.args[0]
    raise Lesson(
        f"The model “{name}” is not a network, so its numbers have no explanations yet.",
        "Networks are explained: they learn by forward, loss, backward, clip and update.",
        "Choose a run of a network.",
    )


def _relative(one: float, other: float) -> float:
    return abs(one - other) / max(abs(other), 1e-30) if one != other else 0.0
