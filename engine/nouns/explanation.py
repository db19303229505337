"""Place and Explanation: where a number stands, and how it came about. Know neither torch nor models nor files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from engine.errors import Lesson

Part = Literal[
    "value", "gradient", "share", "norm", "clipped", "updated",
    "mean before", "mean", "square before", "square", "velocity before", "velocity",
]  # fmt: skip
PARTS: tuple[str, ...] = get_args(Part)
PROBE: Literal["probe"] = "probe"

_PREFIX = "|".join(sorted((part for part in PARTS if part != "value"), key=len, reverse=True))
_TEXT = re.compile(rf"\s*(?:({_PREFIX})\s+)?([^\s\[\]]+)\s*(?:\[([^\[\]]*)\])?\s*")
_ENTRY = re.compile(r"\s*(?:([A-Za-z_]\w*)\s*=\s*)?(\w+)\s*")


@dataclass(frozen=True)
class Place:
    """Where one number stands: `hidden.1[window=4, t=3, unit=2]`, `gradient W_h.1[2, 5]`, `loss`.

    array: a weight ("W_h.1"), a signal ("hidden.1"), "x", "y", "forecast", "loss", or a number on the way to one
    of them ("cell.1/sigmoid.2"). axes: the name of each axis, "" where it has none. part: the number itself, the
    gradient of the loss with respect to it, or what clipping and the update made of that. window: which window of
    the batch, "probe" for the probe window, None where the number belongs to the whole batch.
    """

    array: str
    index: tuple[int, ...] = ()
    axes: tuple[str, ...] = ()
    part: Part = "value"
    window: int | Literal["probe"] | None = None

    def __str__(self) -> str:
        axes = self.axes or ("",) * len(self.index)
        entries = [f"{axis}={number}" if axis else str(number) for axis, number in zip(axes, self.index, strict=True)]
        if self.window is not None:
            entries.insert(0, f"window={self.window}")
        where = f"[{', '.join(entries)}]" if entries else ""
        return f"{'' if self.part == 'value' else self.part + ' '}{self.array}{where}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """The inverse of `str`. Raises Lesson for what is no place: places come from URLs."""
        found = _TEXT.fullmatch(text)
        if not found:
            raise _no_place(text)
        part, array, inside = found.groups()
        index: list[int] = []
        axes: list[str] = []
        window: int | Literal["probe"] | None = None
        for entry in inside.split(",") if inside and inside.strip() else ():
            fits = _ENTRY.fullmatch(entry)
            if not fits:
                raise _no_place(text)
            axis, number = fits.groups()
            if axis == "window" and number == PROBE:
                window = "probe"
            elif not number.isdecimal() or len(number) > 9:
                raise _no_place(text)
            elif axis == "window":
                window = int(number)
            else:
                index.append(int(number))
                axes.append(axis or "")
        return cls(array, tuple(index), tuple(axes), part or "value", window)  # type: ignore[arg-type]


class Operand(NamedTuple):
    """One number that another was made of, and what it was there for: "weight", "input", "gradient above"."""

    place: Place
    value: float
    role: str


@dataclass(frozen=True)
class Explanation:
    """One number and how it came about.

    symbol: the formula with places instead of numbers. operation: what was done, in words; "data", "weight",
    "setting", "memory" or "constant" where nothing was: there the way down ends and operands is empty.
    sentence: the formula in numbers, written in full; evaluated from left to right in float64 it gives the digits
    after its last "=". short: the same, long sums cut to a few terms and "…".
    """

    place: Place
    symbol: str
    operation: str
    operands: tuple[Operand, ...]
    result: float
    sentence: str
    short: str


def _no_place(text: str) -> Lesson:
    return Lesson(
        f"“{text[:80]}” names no number.",
        "A place looks like hidden.1[window=probe, t=3, unit=2], gradient W_h.1[2, 5] or loss.",
        "Choose a number on the page, or write its place like these.",
    )
