"""Does anything of the future reach a forecast? Everything after an origin is poisoned, and the forecast compared.

Knows no forecaster; it asks each as a comparison does.
"""

from __future__ import annotations

from engine.comparing import cells
from engine.comparing.plan import Cell
from engine.kernels import path
from engine.nouns.covariates import Covariates
from engine.nouns.series import Series

POISONS = (1e9, float("nan"))


def poisoned(series: Series, origin: int, poison: float) -> Series:
    """The series with every value from the origin on replaced; of the columns beside it, those not known ahead."""
    values, beside = series.values.copy(), series.covariates
    values[origin:] = poison
    if len(beside):
        rows = beside.values.copy()
        rows[origin:, [not known for known in beside.known]] = poison
        beside = Covariates(beside.names, rows, beside.known)
    return Series(series.name, series.index, values, series.unit, series.repairs, beside)


def holds(series: Series, cell: Cell) -> bool:
    """Whether the cell's last forecast stays the same to the bit, whatever comes after its origin."""
    with path.steady():
        clean = cells.compute(series, cell)
        others = (cells.compute(poisoned(series, cell.origins[-1], poison), cell) for poison in POISONS)
        return all(_equal(clean, other) for other in others)


def _equal(clean: cells.Arrays, other: cells.Arrays) -> bool:
    return clean.keys() == other.keys() and all(clean[n][-1].tobytes() == other[n][-1].tobytes() for n in clean)
