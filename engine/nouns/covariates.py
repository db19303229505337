"""Covariates: other columns on the calendar of a series, some known before their time. Know no model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson

Table = NDArray[np.float64]


@dataclass(frozen=True)
class Covariates:
    """Columns beside a target of n values.

    values: float64 (n + m, k), NaN where missing; the last m rows lie beyond the target's last value, where only
    columns that are known ahead (a calendar, a price that is set) can hold numbers.
    """

    names: tuple[str, ...] = ()
    values: Table = field(default_factory=lambda: np.empty((0, 0)))
    known: tuple[bool, ...] = ()
    """Which columns are known ahead."""

    def __post_init__(self) -> None:
        k = len(self.names)
        if self.values.ndim != 2 or self.values.shape[1] != k or len(self.known) != k or len(set(self.names)) != k:
            raise ValueError(f"values {self.values.shape} do not fit {self.names} and {self.known}")
        frozen = np.array(self.values, dtype=np.float64)
        frozen.flags.writeable = False
        object.__setattr__(self, "values", frozen)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def digest(self) -> bytes:
        """What identifies them: numbers, names and which are known ahead; nothing where there are none."""
        if not self.names:
            return b""
        text = repr((self.names, self.known, self.values.shape)).encode()
        return hashlib.sha256(text + self.values.tobytes()).digest()

    def known_among(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of `names` that are known ahead."""
        return tuple(name for name in names if self.known[self._place(name)])

    def take(self, names: Sequence[str], rows: int) -> Table:
        """The named columns (rows, len(names)), NaN beyond their last row. Raises Lesson for a name not there."""
        found = np.full((rows, len(names)), np.nan)
        there = self.values[:rows, [self._place(name) for name in names]]
        found[: len(there)] = there
        return found

    def check_ahead(self, names: Sequence[str], n: int, horizon: int) -> None:
        """Raises Lesson where one of the named columns, all known ahead, ends before a horizon after n values does."""
        after = np.isfinite(self.take(names, n + horizon)[n:])  # (horizon, len(names))
        ending = [name for name, known in zip(names, after.T, strict=True) if not known.all()]
        if ending:
            ahead = int(after[:, [*names].index(ending[0])].argmin())
            raise Lesson(
                f"“{ending[0]}” is known ahead for {ahead} of the {horizon} steps that are to be forecast.",
                "What a network is told ahead has to be there for every step of its forecast.",
                "Bring the column with so many rows more, or leave it out of those known ahead.",
            )

    def part(self, start: int, stop: int) -> Covariates:
        """Those of a part of the target; of what comes after it, only columns that are known ahead are kept."""
        if not self.names:
            return self
        table = np.array(self.values[start:])
        table[stop - start :, ~np.array(self.known)] = np.nan
        return Covariates(self.names, table, self.known)

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise Lesson(
                f"The series has no column “{name}”.",
                f"The columns beside its values are {', '.join(self.names) or 'none'}.",
                "Choose among them.",
            )
        return self.names.index(name)
