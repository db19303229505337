"""One update of the weights, from their gradients to the new weights, every number of it kept and explained.

It calls the loop's own clipping and optimiser. Knows no network: gradients come to it ready.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.explaining import scheduled, updating
from engine.explaining.formula import Formula, Known
from engine.nouns.explanation import Part, Place
from engine.training.loop import Training
from engine.training.parameters import split

NORM, FACTOR = "norm", "clip_factor"
RATE, THRESHOLD, UPDATE = "learning_rate", "clip_threshold", "update"
SINGLE = (
    NORM, FACTOR, RATE, THRESHOLD, UPDATE,
    scheduled.INITIAL, scheduled.WARMUP, scheduled.DECAY, scheduled.DECAY_EVERY, scheduled.UPDATES,
)  # fmt: skip
"""The numbers of an update that are not of one weight."""
ROUNDING = 1e-5  # the same equations on another path differ by less
MANY = 1024  # gradients whose norm is written out at once; of more, row by row


class Update:
    """The gradient in `training` clipped and spent: `training` has the new weights afterwards."""

    def __init__(self, training: Training, step: int, learning_rate: float) -> None:
        parameters, memory = training.parameters, training.optimiser.state
        self.shapes = {name: tuple(view.shape) for name, view in parameters.views.items()}
        self.parts: dict[str, dict[str, NDArray[np.floating]]] = {}
        self.optimiser, self._formulas = training.settings.optimiser, updating.UPDATES[training.settings.optimiser]
        self._keep("value", parameters.flat)
        self._keep("gradient", parameters.gradient)
        self.norms = parameters.norms()
        norm = math.hypot(*self.norms.values())
        factor = training.clip(norm)
        threshold, self.by_value = float(training.settings.clip), training.settings.clip_by == "value"
        made = {NORM: norm, FACTOR: factor, RATE: learning_rate, THRESHOLD: threshold, UPDATE: float(step)}
        self.single = made | scheduled.decided(training.settings)
        self._rate = scheduled.rate(training.settings, step, self._one)
        self._keep("clipped", parameters.gradient)
        for name in memory:
            self._keep(f"{name} before", memory[name])
        training.optimiser.step(parameters.flat, parameters.gradient, learning_rate, step)
        for name in memory:
            self._keep(name, memory[name])
        self._keep("updated", parameters.flat)
        self.away = 0.0
        """How far the largest of the new weights lies from what was recorded."""

    def hold_against(self, recorded: NDArray[np.floating]) -> None:
        """Show the recorded new weights (P,), which another path rounded elsewhere, and keep how far they lie away.

        One that a fork changed by hand afterwards stays as this update made it.
        """
        made = np.concatenate([weights.ravel() for weights in self.parts["updated"].values()])
        self.away = float(np.abs(made - recorded).max())
        rounded = np.isclose(made, recorded, rtol=ROUNDING, atol=ROUNDING)
        self._keep("updated", torch.from_numpy(np.where(rounded, recorded, made)))

    def _keep(self, part: str, flat: torch.Tensor) -> None:
        copy = torch.from_numpy(np.array(flat.detach().cpu().numpy()))
        self.parts[part] = {name: one.numpy() for name, one in split(copy, self.shapes).items()}

    @property
    def spent(self) -> list[str]:
        """The parts that the optimiser reads and makes, in order; the new weights last."""
        return [part for part in self.parts if part not in ("value", "gradient", "clipped")]

    def canonical(self, place: Place) -> Place:
        """The same place with its axes named. Raises Lesson where this update has no such number."""
        if place.array in SINGLE and place.part == "value":
            return Place(place.array)
        shape = self.shapes.get(place.array, ())
        rank = range(len(shape)) if place.part == "norm" else (len(shape),)
        known = place.array in self.shapes and (place.part == "norm" or place.part in self.parts)
        inside = all(position < size for position, size in zip(place.index, shape, strict=False))
        if not known or not inside or len(place.index) not in rank or place.window is not None:
            raise Lesson(
                f"This update has no number “{place}”.",
                f"Its weights are {', '.join(f'{name} {list(shape)}' for name, shape in self.shapes.items())}; "
                f"of each there are {', '.join(self.parts)} and norm.",
                "Choose one of them.",
            )
        return dataclasses.replace(place, axes=("",) * len(place.index))

    def at(self, place: Place) -> float:
        """The number at a place of this update."""
        if place.array in self.single:
            return self.single[place.array]
        if place.part != "norm":
            return float(self.parts[place.part][place.array][place.index])
        if not place.index:
            return self.norms[place.array]
        return float(np.linalg.norm(self.parts["gradient"][place.array][place.index].astype(np.float64)))

    def explained(self, place: Place) -> tuple[str, Formula | None]:
        """What was done to make the number, and the formula; None where it is a setting or a memory."""
        if place.array in SINGLE:
            return self._single(place.array)
        if place.part == "norm":
            return "length of a gradient", updating.norm(self._under_norm(place))
        if place.part == "clipped" and self.by_value:
            limited = updating.limited(self._of(place, "gradient", "gradient"), self._one(THRESHOLD))
            return "clipping by value", limited if self.single[THRESHOLD] else self._of(place, "gradient", "gradient")
        if place.part == "clipped":
            return "clipping", updating.clipped(self._of(place, "gradient", "gradient"), self._one(FACTOR))
        if place.part not in self._formulas:
            return "memory", None
        formula = self._formulas[place.part](lambda part, role: self._of(place, part, role), self._one)
        return f"{self.optimiser} update", formula

    def _single(self, name: str) -> tuple[str, Formula | None]:
        if name == NORM:
            norms = [Known(Place(weight, part="norm"), value, "norm") for weight, value in self.norms.items()]
            return "length of the whole gradient", updating.norm(norms)
        if name == FACTOR and not self.by_value and self.single[THRESHOLD] and math.isfinite(self.single[NORM]):
            return "clip factor", updating.factor(self._one(NORM), self._one(THRESHOLD))
        if name == RATE and self._rate is not None:
            return "learning rate of this update", self._rate
        return "setting", None

    def _one(self, name: str) -> Known:
        return Known(Place(name), self.single[name], name.replace("_", " "))

    def _of(self, place: Place, part: Part, role: str) -> Known:
        other = dataclasses.replace(place, part=part)
        return Known(other, self.at(other), role)

    def _under_norm(self, place: Place) -> list[Known]:
        """The numbers a norm is the length of: gradients, or where these are many the norms of their rows."""
        gradients = self.parts["gradient"][place.array][place.index]
        if gradients.size > MANY and gradients.ndim > 1:
            rows = [Place(place.array, (*place.index, row), (), "norm") for row in range(len(gradients))]
            return [Known(self.canonical(row), self.at(row), "norm of a row") for row in rows]
        return [
            Known(Place(place.array, at, ("",) * len(at), "gradient"), float(value), "gradient")
            for at, value in (((*place.index, *own), value) for own, value in np.ndenumerate(gradients))
        ]
