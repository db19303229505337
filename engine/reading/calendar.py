"""From the parts of stamps to seconds since 1970; finds impossible dates. Knows no text but the names of months."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.reading.even import Even, even
from engine.reading.words import MONTHS, ZONES

Numbers = NDArray[np.int64]
NONE = np.iinfo(np.int64).min
_DAY = 86_400
_YEARS = (1000, 2999)
_RANGES = {"m": (1, 12), "d": (1, 31), "j": (1, 366), "q": (1, 4), "h": (1, 2), "w": (1, 53), "u": (1, 7), "n": (1, 99)}


@dataclass
class Fields:
    """The parts of each stamp. date: one array of texts per part, (n,). clock: seconds of the day and to UTC, (n,).

    fits: bool (n,), where the cell is written so at all.
    """

    date: list[pa.Array]
    clock: Numbers
    fits: NDArray[np.bool_]
    clocked: bool
    zoned: bool
    fraction: bool
    known: dict[tuple[int, str], Numbers] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: pa.Array, pattern: str) -> Fields:
        """The parts by the groups of a pattern (RE2)."""
        read = even(cells, compiled(pattern))
        return _by_place(read, len(cells)) if read is not None else _by_pattern(cells, pattern)

    def numbers(self, place: int, role: str) -> Numbers:
        """One part of the date as numbers, -1 where it is none."""
        if role != "b" and (place, "") in self.known:
            return self.known[place, ""]
        if (place, role) not in self.known and not self.date:
            return np.full(len(self.clock), -1)
        if (place, role) not in self.known:
            reader = _months if role == "b" else _whole
            self.known[place, role] = reader(self.date[place])
        return self.known[place, role]


def _by_place(read: Even, rows: int) -> Fields:
    """The parts of stamps that are all of one shape."""
    clock = _seconds(*(_taking_part(read.numbers, letter, rows) for letter in "HMS"))
    clock = np.where(clock < 0, -_DAY, clock - (read.ahead or 0))
    dates = [read.numbers[name] for name in "abc" if name in read.numbers]
    clocked = any(name.startswith("H") for name in read.numbers)
    fraction = "F" in read.numbers and bool((read.numbers["F"] > 0).any())
    known = {(place, ""): part for place, part in enumerate(dates)}
    return Fields([], clock, clock > -_DAY, clocked, read.ahead is not None, fraction, known)


def _taking_part(numbers: dict[str, Numbers], letter: str, rows: int) -> Numbers:
    """The number of this letter among its alternatives, 0 where none took part."""
    groups = [group for name, group in numbers.items() if name.rstrip("2345") == letter]
    return groups[0] if groups else np.zeros(rows, np.int64)


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The same pattern for Python's own expressions."""
    return re.compile(pattern.replace(r"\p{L}", r"[^\W\d_]"))


def _by_pattern(cells: pa.Array, pattern: str) -> Fields:
    found = pc.extract_regex(cells, pattern)
    fits = found.is_valid().to_numpy(zero_copy_only=False)
    names = [found.type.field(place).name for place in range(found.type.num_fields)]
    texts = {name: pc.fill_null(pc.struct_field(found, place), "") for place, name in enumerate(names)}
    date = [texts[name] for name in "abc" if name in texts]
    clock = _clock(texts)
    zone, zoned = _zone(texts.get("Z"), len(cells))
    clocked = any(_any(texts[name]) for name in names if name.startswith("H"))
    fraction = "F" in texts and bool(pc.any(pc.match_substring_regex(texts["F"], "[1-9]")).as_py())
    return Fields(date, clock - zone, fits & (clock >= 0), clocked, zoned, fraction)


def _any(texts: pa.Array) -> bool:
    return bool(pc.any(pc.not_equal(texts, "")).as_py())


def _joined(texts: dict[str, pa.Array], letter: str) -> pa.Array | None:
    """The group of this letter that took part, among its alternatives."""
    groups = [group for name, group in texts.items() if name.rstrip("2345") == letter]
    return pc.binary_join_element_wise(*groups, "") if len(groups) > 1 else (groups or [None])[0]


def _clock(texts: dict[str, pa.Array]) -> Numbers:
    """Seconds of the day; -1 where there is no such time. 24:00 is midnight of the next day."""
    hours = _joined(texts, "H")
    if hours is None:
        return np.zeros(len(next(iter(texts.values()))), np.int64)
    hour, minute, second = (_whole(_joined(texts, letter), 0) for letter in "HMS")
    noon = pc.utf8_lower(pc.utf8_slice_codeunits(_joined(texts, "P"), 0, 1)) if "P" in texts else None
    halved = np.zeros(len(hour), bool)
    if noon is not None and _any(noon):
        marks = noon.to_numpy(zero_copy_only=False)
        halved = marks != ""
        hour = np.where(halved, hour % 12 + 12 * (marks == "p"), hour)
    return _seconds(hour, minute, second)


def _seconds(hour: Numbers, minute: Numbers, second: Numbers) -> Numbers:
    """Seconds of the day, -1 where there is no such time."""
    seconds = hour * 3600 + minute * 60 + second
    possible = (hour <= 23) | (seconds == _DAY)
    return np.where(possible & (minute <= 59) & (second <= 60), seconds, -1)


def _zone(texts: pa.Array | None, rows: int) -> tuple[Numbers, bool]:
    """Seconds ahead of UTC, and whether any stamp says so."""
    if texts is None or not _any(texts):
        return np.zeros(rows, np.int64), False
    written = pc.dictionary_encode(texts)
    ahead = np.array([_ahead(zone) for zone in written.dictionary.to_pylist()], np.int64)
    return ahead[written.indices.to_numpy()], True


def _ahead(zone: str) -> int:
    if not zone or zone[0] not in "+-":
        return ZONES.get(zone.lower(), 0) * 3600
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (1 if zone[0] == "+" else -1) * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)


def _whole(texts: pa.Array, empty: int = -1) -> Numbers:
    """Digits as numbers."""
    digits = pc.if_else(pc.equal(texts, ""), str(empty), texts)
    return np.asarray(pc.cast(digits, pa.int64()).to_numpy(), np.int64)


def _months(texts: pa.Array) -> Numbers:
    """Names of months as 1 to 12, -1 where it is none."""
    written = pc.dictionary_encode(pc.utf8_lower(texts))
    months = np.array([MONTHS.get(word, -1) for word in written.dictionary.to_pylist()], np.int64)
    return np.asarray(months[written.indices.to_numpy()], np.int64)


def seconds_of(fields: Fields, roles: str) -> Numbers:
    """Seconds since 1970 of each stamp when its parts mean this; NONE where there is no such date."""
    parts = {role: fields.numbers(place, role) for place, role in enumerate(roles)}
    year = next(_year(role, parts[role]) for role in "Yyn" if role in parts)
    possible = fields.fits & (year >= _YEARS[0]) & (year <= _YEARS[1])
    for role, (least, most) in _RANGES.items():
        if role in parts:
            possible &= (parts[role] >= least) & (parts[role] <= most)
    if "b" in parts:
        parts["m"] = parts.pop("b")
        possible &= parts["m"] > 0
    days, exists = _days(np.where(possible, year, 2000), {r: np.where(possible, p, 1) for r, p in parts.items()})
    return np.where(possible & exists, days * _DAY + fields.clock, NONE)


def _year(role: str, numbers: Numbers) -> Numbers:
    if role == "y":
        return np.where(numbers < 0, -1, np.where(numbers >= 69, 1900, 2000) + numbers)
    return numbers + 1900 if role == "n" else numbers


def _days(year: Numbers, parts: dict[str, Numbers]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Days since 1970, and where they exist."""
    if "w" in parts:
        return _iso_days(year, parts["w"], parts.get("u", np.ones_like(year)))
    months: dict[str, Callable[[Numbers], Numbers]] = {"q": lambda q: 3 * q - 2, "h": lambda h: 6 * h - 5}
    month = next((months[role](parts[role]) for role in months if role in parts), parts.get("m", np.ones_like(year)))
    count = (year - 1970) * 12 + month - 1
    first = count.view("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    day = parts.get("j", parts.get("d", np.ones_like(year)))
    after = 12 if "j" in parts else 1
    end = (count + after).view("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first + day - 1, first + day - 1 < end


def _iso_days(year: Numbers, week: Numbers, weekday: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """The Monday, or another day, of an ISO week."""
    fourth = ((year - 1970) * 12).view("datetime64[M]").astype("datetime64[D]").astype(np.int64) + 3
    monday = fourth - (fourth + 3) % 7
    days = monday + (week - 1) * 7 + weekday - 1
    next_fourth = ((year - 1969) * 12).view("datetime64[M]").astype("datetime64[D]").astype(np.int64) + 3
    return days, days < next_fourth - (next_fourth + 3) % 7
