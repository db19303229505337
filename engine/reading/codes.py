"""Numbers that stand for "no value": found by how they lie, and asked where it is doubtful. Knows values only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.reading.finding import Finding, chosen, first
from engine.reading.question import Answer, Asking, Question

# Numbers that archives use for "no value".
SENTINELS = (
    *(-99.0, -99.9, -99.99, -200.0, -999.0, -999.9, -999.99, -9999.0, -9999.9, -99999.0, -999999.0, -32768.0),
    *(9999.0, 9999.9, 99999.0, 99999.9, 999999.0, 1e20, 1e30, 1e36, 9.96920996838687e36),
)
REPAIRS = (Answer("missing", "take it for missing"), Answer("keep", "keep it as a number"))
# A negative number that recurs so often below values that are never negative is doubtful.
OFTEN = 3
DOUBTED = (-1.0, -9.0, -8.0, -88.0, -8888.0)


def without_codes(
    values: NDArray[np.float64], seconds: NDArray[np.int64], column: str, asking: Asking
) -> tuple[NDArray[np.float64], list[Finding]]:
    """Values with NaN in the place of codes. A known code that recurs and lies far outside the others is no value."""
    findings = []
    for code in {float(np.nanmin(values)), float(np.nanmax(values))} if np.isfinite(values).any() else ():
        if code not in SENTINELS and code not in DOUBTED:
            continue
        there = values == code
        others = values[~there & np.isfinite(values)]
        if not len(others):
            continue
        if _is_code(code, int(there.sum()), others):
            how = chosen("code", REPAIRS, asking.answers)
        elif code in DOUBTED and there.sum() >= OFTEN and others.min() >= 0:
            how = asking.ask(_question(code, int(there.sum()), column))
        else:
            continue
        findings.append(_finding(code, there, seconds, column, how))
        values = np.where(there, np.nan, values) if how == "missing" else values
    return values, findings


def _is_code(code: float, times: int, others: NDArray[np.float64]) -> bool:
    if code not in SENTINELS or times < 2:
        return False
    gap = min(abs(others.min() - code), abs(others.max() - code))
    return bool(gap > others.max() - others.min() or (code < 0 <= others.min()))


def _question(code: float, times: int, column: str) -> Question:
    return Question(
        "code", f"Does {code:g} in “{column}” stand for a missing value?",
        f"It occurs {times:,} times, and all other values are 0 or more.", REPAIRS, "missing",
    )  # fmt: skip


def _finding(code: float, there: NDArray[np.bool_], seconds: NDArray[np.int64], column: str, how: str) -> Finding:
    times = int(there.sum())
    said = f"{code:g} in “{column}” occurs {times:,} times, far from all other values"
    done = f"{said}: it was {'taken for missing' if how == 'missing' else 'kept as a number'}."
    return Finding("code", f"{said}.", times, first(seconds, there), REPAIRS, how, done)
