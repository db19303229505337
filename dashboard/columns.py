"""How a table's column of stamps is written. Knows no page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st


def stamped(table: pd.DataFrame) -> dict[str, Any]:
    """The settings of a table's index “stamp”: days alone where no stamp has a time of day."""
    index = pd.DatetimeIndex(table.index)
    whole_days = bool((index == index.normalize()).all())
    return {"stamp": st.column_config.DateColumn() if whole_days else st.column_config.DatetimeColumn()}
