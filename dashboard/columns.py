"""How a table's column of stamps is written. Knows no page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.views.words import whole_days


def stamped(table: pd.DataFrame) -> dict[str, Any]:
    """The settings of a table's index “stamp”: days alone where no stamp has a time of day."""
    index = pd.DatetimeIndex(table.index)
    return {"stamp": st.column_config.DateColumn() if whole_days(index) else st.column_config.DatetimeColumn()}
