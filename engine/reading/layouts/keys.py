"""Long tables: several series one below the other, told apart by key columns. Knows cells as text only."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.reading.cells import kind, matches
from engine.reading.table import Table
from engine.reading.timed import ways

# Where stamps come again more often than this, the file holds several series, not one with slips.
MOST_REPEATED = 0.1
# Keys tell the rows of a stamp apart where so many pairs of key and stamp occur once.
TOLD_APART = 0.98
SLIPS = 2
FEW = 10_000
IDENTIFIES = re.compile(
    r"(?:^|[_\s])(?:id|key|code|name|num\w*|no|nr|series|station|store|item|product|sku|country|region)", re.I
)


@dataclass(frozen=True)
class Keys:
    """columns: which tell the series apart. labels: one per series. rows: which series each row belongs to, (n,)."""

    columns: list[str]
    labels: list[str]
    rows: NDArray[np.int64]


def find_keys(table: Table, time: str, values: list[str]) -> Keys | None:
    """The key columns of a long table, or None where each stamp comes once or nothing tells the rows apart.

    values: columns that are numbers; of these only whole numbers that are named like keys may be one.
    """
    if not _comes_again(table, time):
        return None
    stamps = _codes(table, time)
    if _repeated(stamps) <= MOST_REPEATED:
        return None
    possible = [name for name in table.names if name != time and _may_be_key(table, name, values)]
    codes = {name: _codes(table, name) for name in possible}
    groups = {name: int(code.max(initial=0)) + 1 for name, code in codes.items()}
    alone = [name for name in possible if _tells(codes[name], stamps)]
    if not alone and not (possible and _tells(_together([codes[name] for name in possible]), stamps)):
        more = _counted(table, time, values, possible, stamps)
        possible, codes = [*possible, *more], {**codes, **more}
        groups = {name: int(code.max(initial=0)) + 1 for name, code in codes.items()}
        alone = [name for name in possible if _tells(codes[name], stamps)]
    if alone:
        return _keys(table, [min(alone, key=lambda name: (groups[name], table.names.index(name)))])
    chosen = [name for name in possible if groups[name] > 1]
    if not chosen or not _tells(_together([codes[name] for name in chosen]), stamps):
        return None
    for name in sorted(chosen, key=lambda name: -groups[name]):  # without those that are not needed
        rest = [other for other in chosen if other != name]
        if rest and _tells(_together([codes[other] for other in rest]), stamps):
            chosen = rest
    return _keys(table, chosen)


def _comes_again(table: Table, time: str) -> bool:
    """Whether stamps come again at all; told by their seconds, where these rise or fall all along."""
    read = next(iter(ways(table.cells[time], hinted=True)), None) if len(table) > FEW else None
    steps = np.diff(read.seconds) if read is not None else np.zeros(1)
    return not ((steps > 0).all() or (steps < 0).all())


def _counted(
    table: Table, time: str, values: list[str], known: list[str], stamps: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """Columns of few whole numbers, whatever their names: shops and departments, where no other key is enough."""
    most = 2 * int(np.bincount(stamps).max(initial=0))
    found = {}
    for name in values:
        if name not in known and name != time and matches(table.cells[name], r"\d{1,12}").all():
            code = _codes(table, name)
            if 1 < code.max(initial=0) + 1 <= most:
                found[name] = code
    left = set(values) - {time, *known, *found}
    return found if left else {}


def _may_be_key(table: Table, name: str, values: list[str]) -> bool:
    if name not in values:
        return any(kind(cell) == "text" for cell in table.sample(name)) or bool(IDENTIFIES.search(name))
    whole = bool(matches(table.cells[name], r"\d{1,12}").all())
    return whole and (
        bool(IDENTIFIES.search(name)) or any(cell.startswith("0") and len(cell) > 1 for cell in table.sample(name))
    )


def _codes(table: Table, name: str) -> NDArray[np.int64]:
    encoded = table.cells[name].combine_chunks().dictionary_encode()
    return np.asarray(pc.cast(encoded.indices, "int64").to_numpy(zero_copy_only=False), np.int64)


def _repeated(codes: NDArray[np.int64]) -> float:
    ordered = np.sort(codes)  # a table of all different ones, as `unique` makes, takes six times the memory
    return float((ordered[1:] == ordered[:-1]).sum()) / max(len(codes), 1)


def _tells(key: NDArray[np.int64], stamps: NDArray[np.int64]) -> bool:
    pairs = key * (int(stamps.max(initial=0)) + 1) + stamps
    return _repeated(pairs) * len(pairs) <= max(SLIPS, (1 - TOLD_APART) * len(pairs))


def _together(codes: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    joined = codes[0]
    for code in codes[1:]:
        joined = np.unique(joined * (int(code.max(initial=0)) + 1) + code, return_inverse=True)[1]
    return joined


def _keys(table: Table, columns: list[str]) -> Keys:
    texts = [table.cells[name] for name in columns]
    joined = pc.binary_join_element_wise(*texts, ", ") if len(texts) > 1 else texts[0]
    encoded = joined.combine_chunks().dictionary_encode()
    rows = np.asarray(pc.cast(encoded.indices, "int64").to_numpy(zero_copy_only=False), np.int64)
    return Keys(columns, [str(label) for label in encoded.dictionary.to_pylist()], rows)
