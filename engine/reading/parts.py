"""Time spread over several columns, joined into one. Knows names such as Year or Time; reads no stamp itself."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from engine.reading.table import Table

PARTS = {
    "year": {"year", "yyyy", "yr", "jahr", "año", "ano", "année", "annee"},
    "month": {"month", "mm", "mon", "monat", "mes", "mois"},
    "day": {"day", "dd", "tag", "dia", "día", "jour"},
    "hour": {"hour", "hh", "hr", "stunde", "hora", "heure"},
}
CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"


def with_joined_time(table: Table) -> tuple[Table, dict[str, list[str]]]:
    """The table with one more column for each time found in parts, and which columns each was made of."""
    made: dict[str, list[str]] = {}
    cells = table.cells
    for columns, joined in (_calendar(table), _date_and_clock(table)):
        if joined is not None:
            name = " + ".join(columns)
            made[name] = columns
            cells = pd.concat([joined.rename(name), cells], axis=1)
    return replace(table, cells=cells), made


def _calendar(table: Table) -> tuple[list[str], pd.Series | None]:
    """Year and month, and day and hour where they are there too, as “2024-03-01 14:00”."""
    found = {part: name for part, names in PARTS.items() for name in table.columns if name.lower() in names}
    parts = list(PARTS)[: _unbroken(found)]
    columns = [found[part] for part in parts]
    if len(parts) < 2:
        return [], None
    texts = [table.cells[column].str.strip() for column in columns]
    if not all(text.str.fullmatch(r"\d{1,4}").all() for text in texts):
        return [], None
    joined = texts[0].str.zfill(4) + "-" + texts[1].str.zfill(2)
    if len(parts) > 2:
        joined = joined + "-" + texts[2].str.zfill(2)
    if len(parts) > 3:
        joined = joined + " " + texts[3].str.zfill(2) + ":00"
    return columns, joined


def _unbroken(found: dict[str, str]) -> int:
    """How many parts there are before the first that is absent."""
    return next((place for place, part in enumerate(PARTS) if part not in found), len(PARTS))


def _date_and_clock(table: Table) -> tuple[list[str], pd.Series | None]:
    """A date column and, right after it, a column of times of day."""
    for date, clock in zip(table.columns, table.columns[1:], strict=False):
        named = "date" in date.lower() or "datum" in date.lower() or "fecha" in date.lower()
        if named and table.sample(clock).str.strip().str.fullmatch(CLOCK).all():
            times = table.cells[clock].str.strip().str.replace(".", ":", regex=False)
            if times.str.fullmatch(CLOCK.replace(".", "")).all():
                return [date, clock], table.cells[date].str.strip() + " " + times
    return [], None
