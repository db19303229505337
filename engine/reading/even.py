"""Stamps that are all of one shape, digits at the same places, read by place: many times as fast as by a pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.reading.words import ZONES

_ZERO, _NINE = ord("0"), ord("9")


@dataclass(frozen=True)
class Even:
    """numbers: by the name of the group that took part, (n,). ahead: seconds ahead of UTC; None unsaid."""

    numbers: dict[str, NDArray[np.int64]]
    ahead: int | None


def even(cells: pa.Array, pattern: re.Pattern[str]) -> Even | None:
    """The groups of cells that are alike but for their digits; None where they are not, or hold words."""
    letters = _letters(cells)
    if letters is None:
        return None
    first = letters[0]
    digits = (first >= _ZERO) & (first <= _NINE)
    alike = ((letters >= _ZERO) & (letters <= _NINE)) == digits
    if not alike.all() or (letters[:, ~digits] != first[~digits]).any() or (first > 127).any():
        return None
    match = pattern.match(first.tobytes().decode("ascii"))
    if match is None:
        return None
    zone = (match.groupdict().get("Z") or "").lower()
    parts = {name: text for name, text in match.groupdict().items() if name != "Z"}
    if any(text and not text.isdigit() for text in parts.values()) or (zone and zone not in ZONES):
        return None
    numbers = {name: _number(letters, *match.span(name)) for name, text in parts.items() if text}
    return Even(numbers, ZONES[zone] * 3600 if zone else None)


def _letters(cells: pa.Array) -> NDArray[np.uint8] | None:
    """The bytes of cells of one length, (n, length)."""
    if not len(cells) or cells.type != pa.string():
        return None
    _, offsets, data = cells.buffers()
    places = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    length = int(places[1] - places[0])
    if not length or (np.diff(places) != length).any():
        return None
    whole = np.frombuffer(data, np.uint8)
    return whole[places[0] : places[-1]].reshape(len(cells), length)


def _number(letters: NDArray[np.uint8], start: int, end: int) -> NDArray[np.int64]:
    scale = 10 ** np.arange(end - start - 1, -1, -1)
    return np.asarray((letters[:, start:end].astype(np.int64) - _ZERO) @ scale)
