"""A table as CSV that a spreadsheet shows and never runs. Knows nothing of what is in it."""

from __future__ import annotations

from typing import Any

import pandas as pd

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the start of a formula (OWASP, CSV injection)."""


def csv(table: pd.DataFrame) -> str:
    """With its index and its headings; text that would be a formula gets an apostrophe before it, numbers stay."""
    safe = table.reset_index()
    for position, column in enumerate(safe.columns):
        if not pd.api.types.is_numeric_dtype(safe.iloc[:, position]):
            safe.isetitem(position, [_harmless(cell) for cell in safe[column]])
    safe.columns = pd.Index([_harmless(str(column)) for column in safe.columns])
    return safe.to_csv(index=False)


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(STARTS) else cell
