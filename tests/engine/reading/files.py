"""Files whose truth is known because we made them, in the dialects that people write. Knows no page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.reading.layouts.layout import Choice
from engine.reading.read import Reading, read

DAYS = [f"2020-01-{day:02d}" for day in range(1, 29)]
DAILY = [(day, place % 9 + 0.5) for place, day in enumerate(DAYS)]


def csv(rows: list[tuple[object, ...]], header: str = "date,sales") -> bytes:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]).encode()


def taken(data: bytes | str, name: str = "x.csv", answers: dict[str, str] | None = None, **choice: Any) -> Reading:
    """The file read with some choices made."""
    data = data.encode() if isinstance(data, str) else data
    return read(data, name, Choice(answers=answers or {}, **choice))


def same(found: Reading, index: pd.DatetimeIndex, values: np.ndarray | list[float]) -> None:
    """What was read is exactly what was written."""
    assert list(found.series.index) == list(index)
    np.testing.assert_array_equal(found.series.values, values)
