"""What ETS and Theta ask of a history: every value there. The module declares no forecaster."""

from __future__ import annotations

import numpy as np

from engine.errors import Lesson
from engine.nouns.forecast import Numbers
from engine.nouns.series import Series

FEWEST = 4


def whole(history: Series) -> Numbers:
    """The values of a history without a gap. Raises Lesson where one is missing, or there are too few."""
    if len(history) < FEWEST:
        raise Lesson(
            f"“{history.name}” has {len(history)} values so far.",
            f"Smoothing needs {FEWEST} at least.",
            "Begin later.",
        )
    if not np.isfinite(history.values).all():
        raise Lesson(
            f"“{history.name}” has {int(np.isnan(history.values).sum())} missing values.",
            "Smoothing needs one value for every stamp.",
            "Fill them on the Data page, or compare forecasters that take missing values.",
        )
    return history.values
