"""Time spread over several columns, joined into one. Knows names such as Year or Time; reads no stamp itself."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.reading.cells import Cells, cells_of, matches
from engine.reading.table import Table
from engine.reading.words import MONTHS, SEASONS, part_of

CLOCK = r"\d{1,2}(?:[:h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?|\.\d{2}\.\d{2})(?:\s?[AaPp][Mm])?"
# "12.30" is a time of day only under such a name: else it is a number.
DOTTED, CLOCKS = r"\d{1,2}\.\d{2}", ("time", "zeit", "hora", "heure", "uhr", "clock", "tijd", "ora")
DATED = ("date", "datum", "fecha", "data", "day", "tag", "dia", "jour", "dato", "дата", "giorno")


def with_joined_time(table: Table) -> tuple[Table, dict[str, list[str]]]:
    """The table with one more column for each time found in parts, and which columns each was made of."""
    made: dict[str, list[str]] = {}
    for columns, joined in (_calendar(table), _date_and_clock(table)):
        if joined is not None:
            name = " + ".join(columns)
            made[name] = columns
            table = table.with_column(name, joined)
    return table, made


def _calendar(table: Table) -> tuple[list[str], Cells | None]:
    """Year with quarter, week, day of the year or month, day, hour and minute, as “2024-03-01 14:00”."""
    found = _named_parts(table)
    if found is None or "year" not in found:
        return [], None
    if (years := _filled_down(table, found["year"])) is not None:
        table = table.with_column(found["year"], years)
    if not matches(table.cells[found["year"]], r"\d{4}|\d{2}").all():
        return [], None
    for part, mark in (("month", "-"), ("doy", "-"), ("day", "-"), ("quarter", " Q"), ("week", "-W")):
        if part in found and _is_part(table, found[part], part):
            return _joined(table, found, part, mark)
    return [], None


def _named_parts(table: Table) -> dict[str, str] | None:
    """The column of each part of the time by name; by place where nothing is named and the first four may be such."""
    if all(name.startswith("column ") for name in table.names):
        return _parts_by_place(table)
    found: dict[str, str] = {}
    for name in table.names:
        if (part := part_of(name)) is not None:
            found.setdefault(part, name)
    return found


def _parts_by_place(table: Table) -> dict[str, str] | None:
    """Year, month, day and hour in the first columns, as far as their cells allow it; at least year and month."""
    names = table.names
    if len(names) < 3 or not matches(table.cells[names[0]], r"(?:(?:1[5-9]|20|21)\d{2})?").all():
        return None
    found = {"year": names[0]}
    for part, name in zip(("month", "day", "hour"), names[1:-1], strict=False):
        if not _is_part(table, name, part):
            break
        found[part] = name
    return found if "month" in found else None


def _filled_down(table: Table, name: str) -> Cells | None:
    """A column whose year stands only where it begins, with each row's own year; None where it is not so."""
    cells = table.cells[name]
    blank = matches(cells, "")
    if not blank.any() or blank[0]:
        return None
    last = np.maximum.accumulate(np.where(blank, 0, np.arange(len(blank))))
    return cells.take(pa.array(last))


def _is_part(table: Table, name: str, part: str) -> bool:
    most = {"month": 12, "doy": 366, "day": 366, "quarter": 4, "week": 53, "hour": 24, "minute": 59, "second": 59}[part]
    cells = table.cells[name]
    if part == "month" and all(cell.lower().rstrip(".") in MONTHS for cell in table.sample(name)):
        return True
    if part == "month" and matches(cells, "|".join(SEASONS)).all():
        return True
    if part == "quarter" and matches(cells, r"(?i)[QTK]?[1-4]").all():
        return True
    if not matches(cells, r"\d{1,3}").all():
        return False
    numbers = pc.cast(cells, pa.int64())
    return bool(pc.max(numbers).as_py() <= most)


def _joined(table: Table, found: dict[str, str], part: str, mark: str) -> tuple[list[str], Cells | None]:
    year = table.cells[found["year"]]
    columns = [found["year"], found[part]]
    texts = table.cells[found[part]]
    if part in ("doy", "day"):  # a day without a month counts from the start of the year
        return columns, pc.binary_join_element_wise(year, pc.utf8_lpad(texts, 3, "0"), mark)
    if part == "month" and matches(texts, "|".join(SEASONS)).all():  # three months, at the middle one
        texts = cells_of(str(SEASONS.index(cell) + 1) for cell in texts.to_pylist())
    if part == "quarter":
        texts = pc.utf8_ltrim(texts, "QTKqtk")
    if part != "month":
        return columns, pc.binary_join_element_wise(year, texts, mark)
    worded = not matches(texts, r"\d{1,2}").all()
    joined = pc.binary_join_element_wise(year, texts if worded else pc.utf8_lpad(texts, 2, "0"), mark)
    if "day" not in found or not _is_part(table, found["day"], "day"):
        return columns, joined
    joined = pc.binary_join_element_wise(joined, pc.utf8_lpad(table.cells[found["day"]], 2, "0"), "-")
    clock, used = _clock_of_parts(table, found)
    if clock is None:
        return [*columns, found["day"]], joined
    return [*columns, found["day"], *used], pc.binary_join_element_wise(joined, clock, " ")


def _clock_of_parts(table: Table, found: dict[str, str]) -> tuple[Cells | None, list[str]]:
    """Hours, and minutes and seconds where they are there too, as “14:00”. “1430” is an hour with its minutes."""
    if "hour" not in found:
        return None, []
    hours = table.cells[found["hour"]]
    if matches(hours, CLOCK).all():
        return hours, [found["hour"]]
    if not _is_part(table, found["hour"], "hour"):
        return None, []
    clock, used = pc.utf8_lpad(hours, 2, "0"), [found["hour"]]
    for part in ("minute", "second"):
        if part in found and _is_part(table, found[part], part):
            clock = pc.binary_join_element_wise(clock, pc.utf8_lpad(table.cells[found[part]], 2, "0"), ":")
            used.append(found[part])
        else:
            clock = pc.binary_join_element_wise(clock, "00", ":") if part == "minute" else clock
            break
    return clock, used


def _date_and_clock(table: Table) -> tuple[list[str], Cells | None]:
    """A date column and a column of times of day, right after it or named for it."""
    names = table.names
    beside = [*zip(names, names[1:], strict=False), *((d, c) for d in names for c in names if part_of(c) == "hour")]
    for date, clock in beside:
        if date == clock or part_of(date) not in (None, "day"):
            continue
        named = any(word in date.lower() for word in DATED)
        if not named or not len(table):
            continue
        times = table.cells[clock]
        dotted = clock.lower() in CLOCKS and matches(times, DOTTED).all()
        if dotted or matches(times, CLOCK).all():
            return [date, clock], pc.binary_join_element_wise(table.cells[date], times, " ")
        if (periods := _periods(table, date, clock)) is not None:
            return [date, clock], periods
        hours = part_of(clock) == "hour" and _is_part(table, clock, "hour")
        if hours and not matches(table.cells[date], r".*\d[:.]\d{2}:.*").any():
            padded = pc.utf8_lpad(times, 2, "0")
            return [date, clock], pc.binary_join_element_wise(
                pc.binary_join_element_wise(table.cells[date], padded, " "), "00", ":"
            )
    return [], None


# How many periods of a day there are, on the days on which clocks are moved too, and how long each is, in minutes.
PERIODS = ((range(46, 51), 30), (range(92, 101), 15))


def _periods(table: Table, date: str, period: str) -> Cells | None:
    """Numbered half or quarter hours of a day behind its date, as its stamps; None where it is no such column."""
    cells = table.cells[period]
    if "period" not in period.lower() or not matches(cells, r"\d{1,3}").all():
        return None
    numbers = pc.cast(cells, pa.int64()).to_numpy()
    minutes = next((length for most, length in PERIODS if numbers.max() in most), None)
    if minutes is None or numbers.min() < 1:
        return None
    starts = (numbers - 1) * minutes
    clock = cells_of(f"{start // 60:02d}:{start % 60:02d}" for start in starts.tolist())
    return pc.binary_join_element_wise(table.cells[date], clock, " ")
