"""The M3 competition's series, where its file is. The file has no stamps; only places in a season count here."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.nouns.series import Series
from tests.makers import SHARED

FILE = SHARED / "M3" / "M3C.xls"
KINDS = {"monthly": ("M3Month", "MS", 18), "quarterly": ("M3Quart", "QS", 8), "yearly": ("M3Year", "YS", 6)}
needed = pytest.mark.skipif(not FILE.exists(), reason=f"The M3 competition's file is not there: {FILE}")


@cache
def series(kind: str) -> tuple[tuple[Series, int], ...]:
    """Every series of a kind, and how many values at its end are to be forecast."""
    from python_calamine import CalamineWorkbook

    sheet, freq, horizon = KINDS[kind]
    found = []
    for row in CalamineWorkbook.from_path(str(FILE)).get_sheet_by_name(sheet).to_python()[1:]:
        count = int(row[1])
        index = pd.date_range("1900-01-01", periods=count, freq=freq, unit="s")
        found.append((Series(str(row[0]), index, np.array(row[6 : 6 + count], np.float64)), horizon))
    return tuple(found)
