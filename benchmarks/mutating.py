"""Reads thousands of damaged files: none may raise anything but a Lesson, and no untouched row may be read wrong.

Run: python -m benchmarks.mutating [how many] [seed]
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from engine.errors import Lesson
from engine.reading.read import Reading, read

Random = np.random.Generator
Lines = list[str]
FORMS = ("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M", "%d %b %Y %H:%M", "%Y-%m-%dT%H:%M:%SZ")
JUNK = ("", "NA", "-", "abc", "12.5.7", "#####", "1e400", '"', "2020-13-45", "<b>", "\x00", "é", "=A1+B2", "--5", "∞")


def written(random: Random) -> tuple[pd.Series, Lines, str]:
    """A series, the lines of a file that holds it, and its separator."""
    length = int(random.integers(20, 120))
    freq = str(random.choice(["h", "D", "30min", "MS", "W-MON"]))
    index = pd.date_range("2020-01-01", periods=length, freq=freq, unit="s")
    series = pd.Series(np.round(random.normal(500, 90, length), 2), index)
    separator = str(random.choice([",", ";", "\t", "|"]))
    comma = separator != "," and bool(random.integers(2))
    stamps = index.strftime(str(random.choice(FORMS)))
    rows = [
        separator.join([stamp, f"{value:.2f}".replace(".", "," if comma else "."), f"{place % 7}"])
        for place, (stamp, value) in enumerate(zip(stamps, series, strict=True))
    ]
    return series, [separator.join(["when", "load", "kind"]), *rows], separator


def _line(lines: Lines, random: Random) -> int:
    return int(random.integers(1, len(lines)))


def junk_in_a_cell(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    at = _line(lines, random)
    cells = lines[at].split(separator)
    cells[int(random.integers(len(cells)))] = str(random.choice(JUNK))
    return [*lines[:at], separator.join(cells), *lines[at + 1 :]]


def a_line_lost(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    at = _line(lines, random)
    return [*lines[:at], *lines[at + 1 :]]


def a_line_doubled(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    at, to = _line(lines, random), _line(lines, random)
    return [*lines[:to], lines[at], *lines[to:]]


def lines_exchanged(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    a, b = _line(lines, random), _line(lines, random)
    mixed = list(lines)
    mixed[a], mixed[b] = mixed[b], mixed[a]
    return mixed


def text_between(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    at = _line(lines, random)
    return [*lines[:at], str(random.choice(["", "# a remark", "see the notes", separator * 2, lines[0]])), *lines[at:]]


def text_around(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    return ["A table of loads", "", *lines, "", "Source: somebody", "Total" + separator + "99"][
        int(random.integers(2)) :
    ]


def cut_off(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    at = _line(lines, random)
    return [*lines[:at], lines[at][: int(random.integers(0, len(lines[at]) + 1))]]


def a_cell_more(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    at = _line(lines, random)
    return [*lines[:at], lines[at] + separator + "7", *lines[at + 1 :]]


def a_cell_less(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    at = _line(lines, random)
    return [*lines[:at], separator.join(lines[at].split(separator)[:-1]), *lines[at + 1 :]]


def header_gone(lines: Lines, separator: str, random: Random) -> Lines:  # noqa: ARG001
    return lines[1:]


WOUNDS: tuple[Callable[[Lines, str, Random], Lines], ...] = (
    junk_in_a_cell, a_line_lost, a_line_doubled, lines_exchanged, text_between, text_around, cut_off, a_cell_more,
    a_cell_less, header_gone,
)  # fmt: skip


def mutated(random: Random) -> tuple[pd.Series, bytes, str, set[str]]:
    """A series, a damaged file of it, what was done, and the lines that are still as they were."""
    series, lines, separator = written(random)
    wounds = [WOUNDS[int(place)] for place in random.integers(len(WOUNDS), size=int(random.integers(1, 4)))]
    damaged = lines
    for wound in wounds:
        damaged = wound(damaged, separator, random)
    data = "\n".join(damaged).encode(str(random.choice(["utf-8", "utf-16", "latin-1"])), errors="replace")
    if random.integers(8) == 0:  # bytes, too, may be damaged
        at = int(random.integers(len(data)))
        data = data[:at] + bytes(random.integers(0, 256, 3, dtype=np.uint8)) + data[at + 3 :]
        return series, data, "bytes", set()
    return series, data, " + ".join(wound.__name__ for wound in wounds), set(lines[1:]) & set(damaged)


def wrong(series: pd.Series, found: Reading, whole: set[str], lines: Lines) -> int:
    """How many rows that are untouched were read as another value. What a question asks is not called right."""
    if found.questions or found.observed.column not in ("load", "column 2"):
        return 0
    at = pd.Series(found.observed.values, found.observed.seconds)
    at = at[~at.index.duplicated(keep=False)]
    seconds = series.index.to_numpy().astype("datetime64[s]").astype(np.int64)
    untouched = [place for place, line in enumerate(lines[1:]) if line in whole]
    read_as = at.reindex(seconds[untouched])
    known = read_as.notna().to_numpy()
    return int((read_as.to_numpy()[known] != series.to_numpy()[untouched][known]).sum()) + _strange(at, seconds)


def _strange(at: pd.Series, seconds: np.ndarray) -> int:
    """Stamps that were never written: more than the few that the wounds may have made."""
    return max(int((~at.index.isin(seconds)).sum()) - 4, 0)


def run(how_many: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """For each damaged file what was done to it and what came of it: "read", "lesson", "wrong" or an error."""
    random = np.random.default_rng(seed)
    for _ in range(how_many):
        state = random.bit_generator.state
        series, data, wound, whole = mutated(random)
        after = random.bit_generator.state
        random.bit_generator.state = state
        _, lines, _ = written(random)
        random.bit_generator.state = after
        try:
            found = read(data, "x.csv")
        except Lesson:
            yield wound, "lesson"
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            yield wound, f"{type(error).__name__}: {error}"
        else:
            yield wound, "wrong" if whole and wrong(series, found, whole, lines) else "read"


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    results = list(run(many, first))
    print(Counter(result for _, result in results))
    for wound, result in results:
        if result not in ("read", "lesson"):
            print(result[:120], "|", wound)
