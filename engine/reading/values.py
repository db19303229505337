"""From a column of text to numbers: decimal mark, thousands, missing codes. Knows nothing of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from engine.errors import Lesson
from engine.reading.cells import MISSING_CODES, kind
from engine.reading.table import Table

Mark = Literal[".", ","]

# A number with a decimal point, and one with a decimal comma; thousands may be set apart by the other mark.
WRITTEN: dict[Mark, str] = {
    ".": r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:[eE][+-]?\d+)?",
    ",": r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:,\d*)?(?:[eE][+-]?\d+)?",
}
# "1.234" or "1,234": a fraction to one reader, a thousand to the other.
EITHER = r"[+-]?[1-9]\d{0,2}[.,]\d{3}"

# Numbers that stand for "no value" in many archives.
SENTINELS = (-99.0, -99.9, -99.99, -200.0, -999.0, -999.9, -9999.0, -99999.0, 9999.0, 99999.0, 999999.0)


@dataclass(frozen=True)
class Numbers:
    """values: float64 by line, NaN where missing. repairs: what was taken for what, one sentence each."""

    values: pd.Series
    repairs: list[str] = field(default_factory=list)


def numeric_columns(table: Table) -> list[str]:
    """Columns of which at least half of the cells that are not missing look like numbers."""
    return [name for name in table.columns if _is_numeric(table, name)]


def _is_numeric(table: Table, name: str) -> bool:
    kinds = [kind(cell) for cell in table.sample(name)]
    if not set(kinds) - {"missing"}:
        later = table.cells[name][~_missing(table.cells[name].str.strip())]
        kinds = [kind(cell) for cell in later.iloc[:300]]
    known = [found for found in kinds if found != "missing"]
    return bool(known) and known.count("number") >= len(known) / 2


def read_numbers(table: Table, column: str) -> Numbers:
    """The column as numbers. Raises Lesson with the first cell that is none, or where all are missing."""
    cells = _plain(table.cells[column])
    missing = _missing(cells)
    known = cells[~missing]
    if known.empty:
        raise Lesson(
            f"All {len(cells):,} values of “{column}” are missing.",
            "A series needs numbers.",
            "Choose another column.",
        )
    mark, repairs = _decimal_mark(known, table, column)
    fits = known.str.fullmatch(WRITTEN[mark]) & known.str.contains(r"\d")
    if not fits.all():
        _refuse_text(table, column, known[~fits].index[0])
    values = pd.to_numeric(_without_marks(known, mark)).astype(np.float64).reindex(cells.index)
    if not np.isfinite(values.dropna()).all():
        _refuse_text(table, column, values[np.isinf(values)].index[0])
    values, code = _without_sentinel(values, column)
    return Numbers(values, [*repairs, *_codes_said(table.cells[column][missing], column), *code])


def _plain(cells: pd.Series) -> pd.Series:
    """Cells without spaces, apostrophes, currency and percent signs, and with the minus that is on keyboards."""
    stripped = cells.str.strip()
    odd = stripped.str.contains(r"[\s€$£%'’−]")  # noqa: RUF001
    if odd.any():
        mended = stripped[odd].str.replace("−", "-").str.replace(r"(?<=\d)[\s'’](?=\d{3})", "", regex=True)  # noqa: RUF001
        stripped[odd] = mended.str.replace(r"^[€$£]\s?|\s?[€$£%]$", "", regex=True)
    return stripped


def _missing(cells: pd.Series) -> pd.Series:
    return cells.str.lower().isin(MISSING_CODES)


def _decimal_mark(known: pd.Series, table: Table, column: str) -> tuple[Mark, list[str]]:
    """The mark that more of the column can be read with; where both fit and differ, what the file says elsewhere."""
    fits = {mark: int(known.str.fullmatch(WRITTEN[mark]).sum()) for mark in WRITTEN}
    if fits["."] != fits[","]:
        return max(fits, key=lambda mark: fits[mark]), []
    marked = known[known.str.fullmatch(WRITTEN["."]) & known.str.contains(r"\d[.,]\d")]
    if marked.empty:
        return ".", []
    elsewhere = _mark_elsewhere(table, column)
    mark: Mark = elsewhere or ("," if table.separator == ";" and "," in marked.iloc[0] else ".")
    read_as = float(_without_marks(marked.iloc[:1], mark).iloc[0])
    why = "as the other columns are written" if elsewhere else "an assumption, since the file does not tell"
    return mark, [f"“{marked.iloc[0]}” in “{column}” was read as {read_as:,.3f}: {why}."]


def _mark_elsewhere(table: Table, column: str) -> Mark | None:
    """The decimal mark of the other columns, where they leave no doubt."""
    fits = {".": 0, ",": 0}
    for name in table.columns[:50]:
        cells = _plain(table.sample(name, 100)) if name != column else pd.Series([], dtype=str)
        clear = cells[cells.str.contains(r"\d[.,]\d") & ~cells.str.fullmatch(EITHER)]
        point, comma = clear.str.fullmatch(WRITTEN["."]), clear.str.fullmatch(WRITTEN[","])
        fits["."] += int((point & ~comma).sum())
        fits[","] += int((comma & ~point).sum())
    if fits["."] == fits[","]:
        return None
    return "." if fits["."] > fits[","] else ","


def _without_marks(cells: pd.Series, mark: Mark) -> pd.Series:
    """Text that pandas reads: no thousands, a decimal point."""
    if mark == ".":
        return cells.str.replace(",", "")
    return cells.str.replace(".", "").str.replace(",", ".")


def _refuse_text(table: Table, column: str, line: int) -> None:
    raise Lesson(
        f"Line {line} of “{column}” reads “{str(table.cells[column][line]).strip()[:60]}”.",
        "Each value is a number, or empty where it is missing.",
        "Mend or empty that cell, or choose another column.",
    )


def _codes_said(missing: pd.Series, column: str) -> list[str]:
    codes = missing.str.strip().value_counts().drop("", errors="ignore")
    return [f"“{code}” in “{column}” was taken for missing ({times:,} times)." for code, times in codes.items()]


def _without_sentinel(values: pd.Series, column: str) -> tuple[pd.Series, list[str]]:
    """A known code that recurs and lies far outside all other values is no value."""
    repairs = []
    for code in (float(values.min()), float(values.max())):
        others = values[values.notna() & (values != code)]
        times = int((values == code).sum())
        if code not in SENTINELS or times < 2 or others.empty:
            continue
        gap = min(abs(others.min() - code), abs(others.max() - code))
        if gap > others.max() - others.min() or (code < 0 <= others.min()):
            values = values.where(values != code)
            repairs.append(
                f"{code:g} in “{column}” occurs {times:,} times, far from all other values: it was taken for missing."
            )
    return values, repairs
