"""Which column is time, and its stamps. Knows names and cells; does not know the grid they should lie on."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from engine.errors import Lesson
from engine.reading.cells import MISSING_CODES, kind
from engine.reading.counted import read_counted
from engine.reading.formats import ReadStamps, vote
from engine.reading.table import Table

# The choice of a person whose rows are in order and carry no usable time.
COUNT_ROWS = "(count the rows)"

HINT = re.compile(
    r"date|datum|fecha|time|stamp|zeit|month|monat|year|jahr|week|woche|quarter|period|jour", re.IGNORECASE
)
NAMES = re.compile(
    r"(?:date|datum|fecha|ds|time|timestamp|datetime|zeit|month|monat|mes|mois|year|jahr|ano|año|annee|année"
    r"|week|woche|quarter|period|day|tag|dia|día)",
    re.IGNORECASE,
)
# Above this share of stamps in the second of another one, the fractions of seconds matter.
SAME_SECOND = 0.1
QUARTER = r"(?:(\d{4})[\s\-/]?Q([1-4])|Q([1-4])[\s\-/]?(\d{4}))"


def read_stamps(table: Table, column: str) -> ReadStamps:
    """The stamps of a column, by line; NaT where the cell is missing. Raises Lesson where it is no time."""
    cells = table.cells[column].str.strip()
    known = cells[~cells.str.lower().isin(MISSING_CODES)]
    read = _read(known)
    if read is None:
        raise Lesson(
            f"“{column}” cannot be read as time: {_examples(known)}.",
            "All stamps of a column are written in one way, such as 2024-03-01, 01.03.2024 or 2024-03-01 14:00.",
            "Choose another column for the time, or count the rows instead.",
        )
    if read.misfits:
        line = read.stamps.index[read.stamps.isna()][0]
        raise Lesson(
            f"Line {line} of “{column}” reads “{known[line][:60]}”; {read.misfits:,} of {len(known):,} cells "
            f"are not written as {read.words} like the others.",
            "All stamps of a column are written in one way, and exist in the calendar.",
            "Mend or remove that line, or choose another column for the time.",
        )
    if "%f" in read.format and read.stamps.duplicated().mean() > SAME_SECOND:
        raise Lesson(
            f"Stamps of “{column}” lie less than a second apart.",
            "The smallest step that can be read is one second.",
            "Take means over a second or more, or count the rows instead.",
        )
    return ReadStamps(read.format, read.stamps.reindex(cells.index), read.repairs)


def _examples(known: pd.Series) -> str:
    """The first cell, and the first that is written in another way."""
    if known.empty:
        return "it is empty"
    shapes = known.str.replace(r"\d", "9", regex=True).str.replace("[A-Za-z]+", "a", regex=True)
    others = known[shapes != shapes.iloc[0]]
    first = f"its first cell is “{known.iloc[0][:60]}”"
    return first if others.empty else f"{first}, and line {others.index[0]} reads “{others.iloc[0][:60]}”"


def _read(known: pd.Series) -> ReadStamps | None:
    """Tries the ways of writing time, the strictest first."""
    if known.empty:
        return None
    if known.str.contains(" - ", regex=False).all() and (read := vote(known.str.partition(" - ")[0].str.strip())):
        said = [*read.repairs, "Each stamp is an interval; its start was taken."]
        return ReadStamps(read.format, read.stamps, said)
    written = [read for read in (_counted_years(known), vote(known)) if read]
    if written:
        return min(written, key=lambda read: (read.misfits, read.evenness))
    return read_counted(known) or _quarters(known) or _weeks(known)


def _quarters(known: pd.Series) -> ReadStamps | None:
    parts = known.str.extract(f"^{QUARTER}$", flags=re.IGNORECASE)
    if parts.isna().all(axis=1).any():
        return None
    years = parts[0].fillna(parts[3]).astype(np.int64)
    quarters = parts[1].fillna(parts[2]).astype(np.int64)
    stamps = ((years - 1970) * 12 + (quarters - 1) * 3).to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    return ReadStamps("year quarter", pd.Series(stamps, known.index))


def _weeks(known: pd.Series) -> ReadStamps | None:
    if not known.str.fullmatch(r"\d{4}-?W\d{2}").all():
        return None
    mondays = pd.to_datetime(known.str.replace("-", "") + "1", format="%GW%V%u", errors="coerce")
    return ReadStamps("year and ISO week", mondays.astype("datetime64[s]"))


def _counted_years(known: pd.Series) -> ReadStamps | None:
    """Years counted from 1 with a month ("1-01" to "3-12"): dated from 1901, as is the custom."""
    if not known.str.fullmatch(r"[1-9]-\d{2}").all():
        return None
    stamps = pd.to_datetime("190" + known, format="%Y-%m", errors="coerce").astype("datetime64[s]")
    return ReadStamps("counted year-month", stamps, ["Years are counted from 1; they were dated from 1901."])


def time_columns(table: Table) -> list[str]:
    """Columns that can be read as time: written stamps before numbers, telling names before others."""
    ranks = {name: _rank(table, name, place) for place, name in enumerate(table.columns)}
    fit = [name for name, rank in ranks.items() if rank is not None]
    return sorted(fit, key=lambda name: ranks[name] or 0)


def _rank(table: Table, name: str, place: int) -> int | None:
    cells = table.sample(name).str.strip()
    known = cells[~cells.str.lower().isin(MISSING_CODES)]
    if len(known) < len(cells) / 2 or known.empty:
        return None
    hinted = bool(HINT.search(name) or NAMES.fullmatch(name))
    if known.str.fullmatch(r"\d+(?:\.\d*)?").all():
        return _rank_of_numbers(known, hinted, place == 0)
    return None if _read(known) is None else (0 if hinted else 1)


def _rank_of_numbers(known: pd.Series, hinted: bool, leading: bool) -> int | None:
    """Numbers are time only where they never turn back, and where their name or place says so."""
    if not (hinted or leading):
        return None
    numbers = pd.to_numeric(known).to_numpy(np.float64)
    steps = np.diff(numbers)
    turns = (steps > 0).any() and (steps < 0).any()
    if turns and not (hinted and known.str.len().min() >= 8):
        return None
    return None if _read(known) is None else (2 if hinted else 3)


def suspected_time(table: Table) -> str | None:
    """A column that looks or is named like time, though it cannot be read; None where there is none."""
    for name in table.columns:
        kinds = [kind(cell) for cell in table.sample(name)]
        if kinds.count("stamp") > len(kinds) / 2 or (NAMES.fullmatch(name) and not is_ruler(table, name)):
            return name
    return None


def is_ruler(table: Table, name: str) -> bool:
    """Whether the column only counts along: 1, 2, 3 or 0.0, 0.1, 0.2."""
    numbers = pd.to_numeric(table.cells[name].str.strip(), errors="coerce").to_numpy(np.float64)
    steps = np.diff(numbers)
    return bool(steps[0] != 0 and np.allclose(steps, steps[0], rtol=1e-6))
