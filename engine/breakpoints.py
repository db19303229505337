"""Break when: conditions under which a run pauses, judged after each update. Pauses nothing itself, reads no file.

A condition travels as JSON: {"when": "norm", "over": 3}. Each says, in words, why it fires or that it does not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from engine.errors import Lesson
from engine.nouns.frame import Frame
from engine.nouns.run import Decisions


@dataclass
class Watch:
    """What conditions look at: the last update, and how often validation was measured since it was best.

    observed: the last two updates with their effects, as far as they are known; only watched units need them.
    """

    now: Frame | None = None
    observed: Sequence[Frame] = ()
    best: float = float("inf")
    unimproved: int = 0
    measured: bool = False

    def see(self, frame: Frame, observed: Sequence[Frame]) -> None:
        """The next update."""
        self.now, self.observed = frame, observed
        self.measure(frame.validation if frame.step else float("nan"))  # before the first update nothing was learned

    def measure(self, validation: float) -> None:
        """A measurement, or NaN where there was none."""
        self.measured = not math.isnan(validation)
        if self.measured:
            self.unimproved = 0 if validation < self.best else self.unimproved + 1
            self.best = min(self.best, validation)


class NotANumber(Decisions):
    """The loss, or the norm of its gradient, is no finite number."""

    when: Literal["not a number"]

    def why(self, watch: Watch) -> str | None:
        if not watch.now or not watch.now.step or math.isfinite(watch.now.loss + watch.now.norm):
            return None
        wrong = "loss" if not math.isfinite(watch.now.loss) else "gradient norm"
        return f"the {wrong} is not a finite number"


class Norm(Decisions):
    """The gradient's norm, before clipping, is over a number."""

    when: Literal["norm"]
    over: float = Field(ge=0)

    def why(self, watch: Watch) -> str | None:
        norm = watch.now.norm if watch.now else 0.0
        return f"gradient norm {norm:.6g} is over {self.over:g}" if norm > self.over else None


class Clipped(Decisions):
    """The gradient was cut to the threshold."""

    when: Literal["clipped"]

    def why(self, watch: Watch) -> str | None:
        if not watch.now or "clipped" not in watch.now.events:
            return None
        return f"the gradient was clipped to {watch.now.scale:.3g} of its norm {watch.now.norm:.6g}"


class Unimproved(Decisions):
    """Validation did not improve for a number of measurements; fires once until it improves again."""

    when: Literal["validation"]
    measurements: int = Field(ge=1)

    def why(self, watch: Watch) -> str | None:
        if not watch.measured or watch.unimproved != self.measurements:
            return None
        return f"validation has not improved for {self.measurements} measurements; its best was {watch.best:.6g}"


class Update(Decisions):
    """The update with this number is done."""

    when: Literal["update"]
    number: int = Field(ge=0)

    def why(self, watch: Watch) -> str | None:
        return "it was told to stop" if watch.now and watch.now.step == self.number else None


class Unit(Decisions):
    """One unit of the probe window passes a value between two updates, upwards or downwards."""

    when: Literal["unit"]
    signal: str
    time: int = Field(ge=0)
    unit: int = Field(ge=0)
    crosses: float

    def why(self, watch: Watch) -> str | None:
        values = [self._value(frame) for frame in watch.observed]
        if len(values) < 2:
            return None
        was, now = values[-2:]
        if math.isnan(was + now) or (was > self.crosses) == (now > self.crosses):
            return None
        return f"{self.signal}[{self.time}, {self.unit}] went from {was:.6g} to {now:.6g}, across {self.crosses:g},"

    def _value(self, frame: Frame) -> float:
        """NaN, which crosses nothing, where there is no such unit."""
        rows = frame.signals.get(self.signal)
        if rows is None or rows.ndim != 2 or self.time >= rows.shape[0] or self.unit >= rows.shape[1]:
            return float("nan")
        return float(rows[self.time, self.unit])


Condition = Annotated[NotANumber | Norm | Clipped | Unimproved | Update | Unit, Field(discriminator="when")]
_CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


def condition(written: object) -> Condition:
    """The condition that JSON or a dictionary says. Raises Lesson for what is none."""
    try:
        return _CONDITION.validate_json(written) if isinstance(written, str) else _CONDITION.validate_python(written)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "condition"
        raise Lesson(
            f"The run cannot break when {written}.",
            f"“{place}”: {first['msg']}.",
            'Write one such as {"when": "norm", "over": 3}.',
        ) from error


def reasons(conditions: Mapping[int, Condition], watch: Watch) -> str:
    """Why the run is to pause after the update that was seen last, in one line; empty where it is not."""
    said = [why for one in conditions.values() if (why := one.why(watch))]
    return f"{' and '.join(said)} at update {watch.now.step}" if said and watch.now else ""


def watches_a_unit(conditions: Mapping[int, Condition]) -> bool:
    """Whether an update must be observed before it can be judged."""
    return any(isinstance(one, Unit) for one in conditions.values())
