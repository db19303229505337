"""From a column of text to numbers: decimal mark, thousands, flags, codes for missing. Knows nothing of time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.cells import Cells, as_mask, cells_of, first_of, kept, kind, matches, missing, pieces
from engine.reading.question import Answer, Asking, Question
from engine.reading.table import Table

Mark = Literal[".", ","]
MARKS: dict[Mark, str] = {".": "point", ",": "comma"}

# A number with a decimal point, and one with a decimal comma; thousands may be set apart by the other mark.
WRITTEN: dict[Mark, str] = {
    ".": r"[+-]?(?:\d+\.?\d*|\d{1,3}(?:,\d{3})+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?",
    ",": r"[+-]?(?:\d+,?\d*|\d{1,3}(?:\.\d{3})+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?",
}
# "1.234" or "1,234": a fraction to one reader, a thousand to the other.
EITHER = r"[+-]?[1-9]\d{0,2}[.,]\d{3}"
FLAG = r"\s?[*#†‡^]{1,2}|\s[a-z]{1,2}"
LIMITS = (
    Answer("limit", "the number behind the sign"), Answer("zero", "zero"), Answer("missing", "nothing: it is missing")
)  # fmt: skip
# Words that recur where numbers stand, and are no longer than this, mean that there is none.
LONGEST_CODE, MOST_CODES = 10, 3


@dataclass(frozen=True)
class Numbers:
    """values: float64 (n,), NaN where missing. codes: words taken for missing, and how often each occurs.

    said: what else was taken for what, one sentence each.
    """

    values: NDArray[np.float64]
    codes: dict[str, int]
    said: tuple[str, ...] = ()


def numeric_columns(table: Table) -> list[str]:
    """Columns of which at least half of the cells that are not missing look like numbers."""
    return [name for name in table.names if _is_numeric(table, name)]


def _is_numeric(table: Table, name: str) -> bool:
    kinds = [kind(cell) for cell in table.sample(name)]
    if not set(kinds) - {"missing"}:
        later = kept(table.cells[name], ~missing(table.cells[name]))
        kinds = [kind(cell) for cell in later.slice(0, 300).to_pylist()]
    known = [found for found in kinds if found != "missing"]
    return bool(known) and known.count("number") >= len(known) / 2


def read_numbers(table: Table, column: str, asking: Asking) -> Numbers:
    """The column as numbers. Raises Lesson with the first cell that is none, or where all are missing."""
    cells = table.cells[column]
    empty = missing(cells)
    plain, said = _plain(kept(cells, ~empty))
    codes = Counter(code for code in kept(cells, empty).to_pylist() if code) if empty.any() else Counter[str]()
    if not len(plain):
        raise Lesson(
            f"All {len(cells):,} values of “{column}” are missing.",
            "A series needs numbers.",
            "Choose another column.",
        )
    mark, doubt = _decimal_mark(plain, table, column, asking)
    plain = _within_limits(plain, column, asking)
    fits = matches(plain, WRITTEN[mark])
    there = ~empty
    if not fits.all():
        words = Counter(kept(plain, ~fits).to_pylist())
        if not _are_codes(words):
            _refuse_text(table, column, int(np.flatnonzero(there)[np.argmin(fits)]))
        codes += words
        plain = kept(plain, fits)
        there[there] = fits
    values = _as_numbers(plain, mark)
    if not there.all():
        values, numbers = np.full(len(cells), np.nan), values
        values[there] = numbers
    if np.isinf(values).any():
        _refuse_text(table, column, int(np.argmax(np.isinf(values))))
    values.flags.writeable = False  # a Series takes it as it is
    return Numbers(values, dict(codes.most_common()), (*doubt, *said))


def _within_limits(cells: Cells, column: str, asking: Asking) -> Cells:
    """“<1” is less than could be measured: what to take for it is asked."""
    beyond = as_mask(pc.match_substring_regex(cells, r"^[<>≤≥]\s?[\d.,]+$"))
    if not beyond.any():
        return cells
    place, example = first_of(cells, beyond)
    question = Question(
        "limit", f"“{example}” in “{column}” is beyond what was measured. What is to be taken for it?",
        f"It stands so {int(beyond.sum()):,} times.", LIMITS, "limit",
    )  # fmt: skip
    how = asking.ask(question)
    texts = kept(cells, beyond)
    numbers = pc.replace_substring_regex(texts, r"^[<>≤≥]\s?", "")
    put = {"limit": numbers, "zero": cells_of("0" * len(texts)), "missing": cells_of(["NA"] * len(texts))}
    return _put(cells, beyond, put[how])


def _are_codes(words: Counter[str]) -> bool:
    """Few short words without a digit, each more than once, are codes for missing and no slips."""
    return len(words) <= MOST_CODES and all(
        times > 1 and len(word) <= LONGEST_CODE and not any(letter.isdigit() for letter in word)
        for word, times in words.items()
    )


def _plain(cells: Cells) -> tuple[Cells, tuple[str, ...]]:
    """Cells without blanks, apostrophes, currency, percent signs and flags, and with the minus that is on keyboards."""
    odd = as_mask(pc.match_substring_regex(cells, r"[^0-9.,+eE-]"))
    if not odd.any():
        return cells, ()
    texts = kept(cells, odd)
    for pattern, put in (
        ("−", "-"),  # noqa: RUF001
        (r"^(-?)[€$£]\s?|\s?[€$£%]$", r"\1"),
        (r"(\d)[\s'’\x{00a0}\x{202f}](\d{3})", r"\1\2"),  # noqa: RUF001
        (r"(\d)[\s'’\x{00a0}\x{202f}](\d{3})", r"\1\2"),  # noqa: RUF001
        (r"^([+-])\s", r"\1"),
    ):
        texts = pc.replace_substring_regex(texts, pattern, put)
    texts, flags = _without_flags(texts, len(cells))
    texts, brackets = _without_brackets(texts)
    return _put(cells, odd, texts), (*flags, *brackets)


def _without_flags(texts: Cells, rows: int) -> tuple[Cells, tuple[str, ...]]:
    """Marks behind a number, such as “23.6*”; letters only after a blank, and where most numbers have none."""
    flagged = as_mask(pc.match_substring_regex(texts, rf"[\d.,](?:{FLAG})$"))
    lettered = as_mask(pc.match_substring_regex(texts, r"\s[a-z]{1,2}$"))
    if lettered.sum() > rows / 2:
        flagged &= ~lettered
    if not flagged.any():
        return texts, ()
    marks = Counter(text.lstrip("0123456789.,+- ") for text in kept(texts, flagged).to_pylist())
    bare = pc.replace_substring_regex(texts, rf"(?:{FLAG})$", "")
    said = ", ".join(f"“{mark}” ({times:,} times)" for mark, times in marks.most_common(5))
    return pc.if_else(pa.chunked_array([pa.array(flagged)]), bare, texts), (
        f"Marks behind numbers were passed over: {said}.",
    )


def _without_brackets(texts: Cells) -> tuple[Cells, tuple[str, ...]]:
    """“(1,234)” is a negative number to accountants."""
    negative = matches(texts, r"\([\d.,]+\)")
    if not negative.any():
        return texts, ()
    bare = pc.replace_substring_regex(texts, r"^\(([\d.,]+)\)$", r"-\1")
    return bare, (f"{int(negative.sum()):,} numbers in brackets were read as negative.",)


def _put(cells: Cells, where: NDArray[np.bool_], texts: Cells) -> Cells:
    whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    chunk = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return pa.chunked_array([pc.replace_with_mask(whole, pa.array(where), chunk)])


def _decimal_mark(known: Cells, table: Table, column: str, asking: Asking) -> tuple[Mark, tuple[str, ...]]:
    """The mark that more of the column can be read with; where both fit and differ, what the file says elsewhere."""
    fits = {mark: int(matches(known, pattern).sum()) for mark, pattern in WRITTEN.items()}
    if fits["."] != fits[","]:
        return max(fits, key=lambda mark: fits[mark]), ()
    either = matches(known, WRITTEN["."]) & matches(known, WRITTEN[","])
    marked = as_mask(pc.match_substring_regex(known, r"[.,]")) & either
    if not marked.any():
        return ".", ()
    elsewhere = _mark_elsewhere(table, column)
    _, example = first_of(known, marked)
    if elsewhere:
        read_as = f"{_as_number(example, elsewhere):,}"
        return elsewhere, (f"“{example}” in “{column}” was read as {read_as}, as the other columns are written.",)
    return _asked(example, table, column, asking), ()


def _asked(example: str, table: Table, column: str, asking: Asking) -> Mark:
    likely: Mark = "," if (table.separator in (";", "\t") and "," in example) else "."
    answers = tuple(Answer(mark, f"{_as_number(example, mark):,} (decimal {word})") for mark, word in MARKS.items())
    question = Question(
        "decimal", f"“{example}” in “{column}”: which number is it?",
        "All its numbers can be read either way, and no other column tells.", answers, likely,
    )  # fmt: skip
    return "," if asking.ask(question) == "," else "."


def _as_number(text: str, mark: Mark) -> float:
    other = "," if mark == "." else "."
    return float(text.replace(other, "").replace(",", "."))


def _mark_elsewhere(table: Table, column: str) -> Mark | None:
    """The decimal mark of the other columns, where they leave no doubt."""
    fits = {".": 0, ",": 0}
    for name in table.names[:50]:
        if name == column:
            continue
        cells = pa.chunked_array([pa.array(table.sample(name, 100), pa.string())])
        clear = kept(cells, as_mask(pc.match_substring_regex(cells, r"^[+-]?\d*[.,]\d+$")) & ~matches(cells, EITHER))
        point, comma = matches(clear, WRITTEN["."]), matches(clear, WRITTEN[","])
        fits["."] += int((point & ~comma).sum())
        fits[","] += int((comma & ~point).sum())
    if fits["."] == fits[","]:
        return None
    return "." if fits["."] > fits[","] else ","


def _as_numbers(cells: Cells, mark: Mark) -> NDArray[np.float64]:
    numbers, at = np.empty(len(cells)), 0
    for piece in pieces(cells):
        numbers[at : at + len(piece)] = pc.cast(_without_marks(piece, mark), pa.float64())
        at += len(piece)
    return numbers


def _without_marks(cells: pa.Array, mark: Mark) -> pa.Array:
    """Text that is read as numbers: no thousands, a decimal point, no plus."""
    if mark == ",":
        cells = pc.replace_substring(pc.replace_substring(cells, ".", ""), ",", ".")
    elif as_mask(pc.match_substring(cells, ",")).any():
        cells = pc.replace_substring(cells, ",", "")
    return pc.replace_substring_regex(cells, r"^\+", "") if as_mask(pc.starts_with(cells, "+")).any() else cells


def _refuse_text(table: Table, column: str, row: int) -> None:
    raise Lesson(
        f"Line {table.lines[row]} of “{column}” reads “{str(table.cells[column][row].as_py())[:60]}”.",
        "Each value is a number, or empty where it is missing.",
        "Mend or empty that cell, or choose another column.",
    )
