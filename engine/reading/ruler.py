"""Columns that only count along, and are no series to forecast. Knows a table's cells, and no stamps."""

from __future__ import annotations

import numpy as np

from engine.reading.cells import sampled
from engine.reading.table import Table


def is_ruler(table: Table, name: str) -> bool:
    """Whether the column only counts along: 1, 2, 3 or 0.0, 0.1, 0.2, or years and their parts."""
    cells = sampled(table.cells[name], 300)
    try:
        numbers = np.array([float(cell.replace(",", ".")) for cell in cells])
    except ValueError:
        return False
    steps = np.diff(numbers)
    if not len(steps):
        return False
    years = (steps > 0).all() and numbers[0] >= 1500 and numbers[-1] <= 2200 and steps.max() <= 1
    return bool(years or (steps[0] != 0 and np.allclose(steps, steps[0], rtol=1e-6)))
