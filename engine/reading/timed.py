"""Which column is time, and its stamps; what is doubtful becomes a question. Does not know the grid they lie on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.cells import Cells, distinct, first_of, kept, kind, matches, missing, sampled
from engine.reading.counted import read_counted
from engine.reading.mixed import one_of_several, together
from engine.reading.question import Answer, Asking, Question
from engine.reading.stamps import NONE, Reading, readings, starts_of_intervals
from engine.reading.table import Table
from engine.reading.words import part_of

# The choice of a person whose rows are in order and carry no usable time.
COUNT_ROWS = "(count the rows)"

HINT = re.compile(
    r"date|datum|fecha|time|stamp|zeit|month|monat|year|jahr|week|woche|quarter|period|jour|дата|data\b|giorno"
    r"|fecha|tarih|dato|日期|日付|día",
    re.IGNORECASE,
)
NAMES = re.compile(r"(?:ds|index|t|dt|obs|hour|rok|mes|mois|mese|ano|año|anno|année|dia|tag|day|day ?of ?.*)", re.I)
# Above this share of stamps in the second of another one, the fractions of seconds matter.
SAME_SECOND = 0.1
# From so many stamps on, steps that are all equal tell day from month where those of the other order are not.
FEWEST_TELLING = 10


@dataclass(frozen=True)
class Timed:
    """Stamps for rows of a table. seconds: (n,), NONE where there is none. rows: mask of those they belong to."""

    words: str
    seconds: NDArray[np.int64]
    rows: NDArray[np.bool_]
    zoned: bool
    said: tuple[str, ...]


def read_time(table: Table, column: str, asking: Asking) -> Timed:
    """The stamps of a column. Raises Lesson where it is no time."""
    cells = table.cells[column]
    known = ~missing(cells)
    texts = kept(cells, known)
    read, chosen = _read(column, texts, asking)
    if chosen is not None:  # stacked frequencies: only the rows of one of them
        known[known], read = chosen, replace(read, seconds=read.seconds[chosen])
        return Timed(read.words, read.seconds, known, read.zoned, read.said)
    _refuse_misfits(table, column, texts, known, read)
    if read.fraction and 1 - len(np.unique(read.seconds)) / len(read.seconds) > SAME_SECOND:
        raise Lesson(
            f"Stamps of “{column}” lie less than a second apart.",
            "The smallest step that can be read is one second.",
            "Take means over a second or more, or count the rows instead.",
        )
    return Timed(read.words, read.seconds, known, read.zoned, read.said)


def _read(column: str, texts: Cells, asking: Asking) -> tuple[Reading, NDArray[np.bool_] | None]:
    """Tries the ways of writing time, the strictest first; and, of several in one column, where the chosen one is."""
    found = ways(texts, hinted(column))
    if not found and len(texts) and (starts := starts_of_intervals(texts)) is not None:
        found = [
            replace(reading, said=(*reading.said, "Each stamp is an interval; its start was taken."))
            for reading in ways(starts, hinted=True)
        ]
    if not found or found[0].misfits:
        several = one_of_several(texts, asking)
        if several is not None:
            return several
        found = together(texts) or found
    if not found:
        raise Lesson(
            f"“{column}” cannot be read as time: {_examples(texts)}.",
            "All stamps of a column are written in one way, such as 2024-03-01, 01.03.2024 or 2024-03-01 14:00.",
            "Choose another column for the time, or count the rows instead.",
        )
    return _decided(texts, found, asking), None


def ways(texts: Cells, hinted: bool) -> list[Reading]:
    """All readings of a column that fit it, the most even first; () where it is no time."""
    counted = read_counted(texts, hinted) if len(texts) else None
    written = readings(texts) if len(texts) else []
    if counted is None:
        return written
    return sorted([counted, *written], key=lambda reading: (reading.misfits, *reading.evenness))


def _decided(texts: Cells, found: list[Reading], asking: Asking) -> Reading:
    """The most even reading; a question where day and month could be exchanged and hardly anything tells."""
    best = next((read for read in found if read.roles and read.roles == asking.answers.get("order")), found[0])
    if len(found) > 1:
        asking.decided["order"] = best.roles
    rivals = [other for other in found[1:] if sorted(other.roles) == sorted(best.roles) and _close(best, other)]
    if not rivals:
        return best
    differs = (best.seconds != rivals[0].seconds) & best.fits
    place, example = first_of(texts, differs)
    sides = {reading.roles: reading for reading in (best, rivals[0])}
    answers = tuple(Answer(roles, f"{side.words}: {_shown(side, place)}") for roles, side in sides.items())
    evidence = " ".join(f"Read as {side.words}, {_steps(side)}." for side in sides.values())
    question = Question(
        "order", f"“{example}” may be {' or '.join(_shown(side, place) for side in sides.values())}. Which is it?",
        evidence, answers, best.roles,
    )  # fmt: skip
    return sides[asking.ask(question)]


def _close(best: Reading, other: Reading) -> bool:
    """Whether the other order is about as even: it turns no more, and its unusual steps are hardly more."""
    (turns, unusual, kinds), (other_turns, other_unusual, other_kinds) = best.evenness, other.evenness
    if other_turns != turns or (kinds == 1 and other_kinds > 1 and len(best.seconds) >= FEWEST_TELLING):
        return False
    return other_unusual <= max(2 * unusual, 0.02)


def _shown(reading: Reading, place: int) -> str:
    return f"{reading.seconds[place].view('datetime64[s]').item():%d %B %Y}".lstrip("0")


def _steps(reading: Reading) -> str:
    turns, unusual, kinds = reading.evenness
    order = "the rows go back and forth in time" if turns else "the rows stay in order"
    steps = "all steps are equal" if kinds == 1 else f"{1 - unusual:.0%} of the steps are equal"
    return f"{order} and {steps}"


def _refuse_misfits(table: Table, column: str, texts: Cells, known: NDArray[np.bool_], read: Reading) -> None:
    if not read.misfits:
        return
    place, text = first_of(texts, read.seconds == NONE)
    raise Lesson(
        f"Line {table.lines[known][place]} of “{column}” reads “{text[:60]}”; {read.misfits:,} of {len(texts):,} cells "
        f"are not written as {read.words} like the others.",
        "All stamps of a column are written in one way, and exist in the calendar.",
        "Mend or remove that line, or choose another column for the time.",
    )


def _examples(texts: Cells) -> str:
    """The first cell, and the first that is written in another way."""
    if not len(texts):
        return "it is empty"
    cells = sampled(texts)
    shapes = [re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", cell)) for cell in cells]
    other = next((cell for cell, shape in zip(cells, shapes, strict=True) if shape != shapes[0]), None)
    first = f"its first cell is “{cells[0][:60]}”"
    return first if other is None else f"{first}, and another reads “{other[:60]}”"


def hinted(name: str) -> bool:
    """Whether a column is named like time."""
    return bool(HINT.search(name) or NAMES.fullmatch(name) or part_of(name))


def time_columns(table: Table) -> list[str]:
    """Columns that can be read as time: written stamps before numbers, telling names before others, fine ones first."""
    ranks = {name: _rank(table, name, place) for place, name in enumerate(table.names)}
    fit = {name: rank for name, rank in ranks.items() if rank is not None}
    best = [name for name, rank in fit.items() if rank == min(fit.values(), default=0)]
    if len(best) > 1:  # a day beside an hour: the one that tells more rows apart
        told = {name: distinct(table.cells[name]) for name in best}
        best.sort(key=lambda name: told[name] < 0.9 * max(told.values()))
    return [*best, *sorted((name for name in fit if name not in best), key=lambda name: fit[name])]


def _rank(table: Table, name: str, place: int) -> int | None:
    known = [cell for cell in table.sample(name) if kind(cell) != "missing"]
    if len(known) < len(table.sample(name)) / 2 or not known:
        return None
    texts, telling = pa.chunked_array([pa.array(known, pa.string())]), hinted(name)
    if matches(texts, r"\d+(?:[.,]\d*)?").all():
        return _rank_of_numbers(texts, telling, place == 0)
    try:
        _read(name, texts, Asking())
    except Lesson:
        return None
    return 0 if telling else 1


def _rank_of_numbers(known: Cells, telling: bool, leading: bool) -> int | None:
    """Numbers are time only where they never turn back, and where their name or place says so."""
    if not (telling or leading):
        return None
    numbers = np.array([float(cell.replace(",", ".")) for cell in known.to_pylist()])
    steps = np.diff(numbers)
    turns = (steps > 0).any() and (steps < 0).any()
    if turns and not (telling and len(known[0].as_py()) >= 6):
        return None
    if not telling and len(numbers) > 1 and np.ptp(numbers) < 3:
        return None
    return None if not ways(known, telling) else (2 if telling else 3)


def suspected_time(table: Table) -> str | None:
    """A column that looks or is named like time, though it cannot be read; None where there is none."""
    for name in table.names:
        kinds = [kind(cell) for cell in table.sample(name)]
        text = kinds.count("text") + kinds.count("stamp") > len(kinds) / 2
        if kinds.count("stamp") > len(kinds) / 2 or (text and HINT.search(name)):
            return name
    return None
