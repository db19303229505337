"""Series: a regular time series and everything that was done to the file it came from. Knows no model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import JsonValue

from engine.errors import Lesson
from engine.nouns.covariates import Covariates, Table

# How many steps make one season, by the frequency's first letters; what is shorter than a day repeats daily.
PERIODS = {"YS": 1, "YE": 1, "QS": 4, "QE": 4, "MS": 12, "ME": 12, "W": 52, "B": 5, "D": 7}
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Series:
    """A target on a regular calendar, and other columns beside it.

    index: stamps with a frequency, n of them. values: float64 (n,), NaN where missing.
    repairs: what was changed on the way from the raw file, one sentence each, in order.
    """

    name: str
    index: pd.DatetimeIndex
    values: NDArray[np.float64]
    unit: str = ""
    repairs: tuple[str, ...] = field(default=())
    covariates: Covariates = field(default=Covariates())
    steps: tuple[Mapping[str, JsonValue], ...] = field(default=())
    """What was done to the series as it was read, to be done to another one: see engine.preparing.recipe."""
    read_as: Mapping[str, JsonValue] = field(default_factory=dict)
    """What was chosen and answered as the file was read, to read new data alike: see engine.reading.read.replay."""

    def __post_init__(self) -> None:
        if self.index.freq is None:
            raise Lesson(
                f"The time stamps of “{self.name}” do not lie on a regular grid.",
                "A series needs one value per hour, day, month, or another fixed step.",
                "Resample it to a fixed step, or choose another time column.",
            )
        if self.values.shape != (len(self.index),):
            raise ValueError(f"values {self.values.shape} do not fit {len(self.index)} stamps")
        if len(self.covariates) and len(self.covariates.values) < len(self.index):
            raise ValueError(f"covariates {self.covariates.values.shape} do not fit {len(self.index)} stamps")
        if self.values.dtype != np.float64 or self.values.flags.writeable or not self.values.flags.owndata:
            frozen = np.array(self.values, dtype=np.float64)  # whoever has the other could write to it
            frozen.flags.writeable = False
            object.__setattr__(self, "values", frozen)

    def __len__(self) -> int:
        return len(self.index)

    @property
    def freq(self) -> str:
        """The frequency as pandas writes it, such as "MS" or "W-SAT"."""
        return str(self.index.freqstr)

    @property
    def period(self) -> int:
        """Steps in one season by the calendar (12 for months, 7 for days, 48 for half hours); 1 where none is usual."""
        step = self.index.freq
        if isinstance(step, pd.offsets.Tick):
            return DAY // pd.Timedelta(step) if pd.Timedelta(step) < DAY else 1
        return next((period for start, period in PERIODS.items() if self.freq.startswith(start)), 1)

    @property
    def hash(self) -> str:
        """What identifies the data: stamps, values, covariates, and what they are called and were mended by."""
        said = {key: value for key, value in self.head().items() if key != "read_as"}
        digest = hashlib.sha256(json.dumps(said).encode())
        digest.update(self.stamps.tobytes())
        digest.update(np.ascontiguousarray(self.values).tobytes())
        digest.update(self.covariates.digest)
        return digest.hexdigest()[:16]

    @property
    def stamps(self) -> NDArray[np.int64]:
        """Seconds since 1970, one per value."""
        return self.index.to_numpy(dtype="datetime64[s]").astype(np.int64)

    def future(self, steps: int) -> pd.DatetimeIndex:
        """The next `steps` stamps after the last one."""
        return pd.date_range(self.index[-1], periods=steps + 1, freq=self.index.freq)[1:]

    def head(self) -> dict[str, Any]:
        """Everything but the numbers, as JSON takes it."""
        return {
            "name": self.name, "freq": self.freq, "unit": self.unit, "repairs": list(self.repairs),
            "covariates": list(self.covariates.names), "known": list(self.covariates.known),
            **({"steps": [dict(step) for step in self.steps]} if self.steps else {}),
            **({"read_as": dict(self.read_as)} if self.read_as else {}),
        }  # fmt: skip

    @classmethod
    def restore(
        cls, head: dict[str, Any], stamps: NDArray[np.int64], values: Table, covariates: Table | None = None
    ) -> Series:
        """The inverse of `head`, `stamps`, `values` and the covariates' values, flat."""
        index = pd.DatetimeIndex(stamps.astype("datetime64[s]"), freq=head["freq"])
        names = tuple(head["covariates"])
        table = np.empty((0, 0)) if covariates is None or not names else covariates.reshape(-1, len(names))
        beside = Covariates(names, table, tuple(head["known"]))
        steps = tuple(head.get("steps", ()))
        read_as = head.get("read_as", {})
        return cls(head["name"], index, values, head["unit"], tuple(head["repairs"]), beside, steps, read_as)
