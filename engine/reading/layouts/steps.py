"""Stamps for rows that have none: counted, as the steps a person says they are. Knows no table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.reading.question import Answer, Asking, Question

# What one row may be, by the frequency it is counted in.
STEPS = {
    "D": "a day, or a step of no known length", "h": "an hour", "30min": "half an hour",
    "15min": "a quarter of an hour", "min": "a minute", "B": "a business day", "W-SUN": "a week", "MS": "a month",
    "QS-JAN": "a quarter", "YS-JAN": "a year",
}  # fmt: skip
START = "2000-01-01"


def counted_stamps(rows: int, asking: Asking) -> tuple[NDArray[np.int64], str]:
    """Seconds since 1970 from the beginning of 2000 on, and what was done."""
    question = Question(
        "steps", "No column is used as time, so the rows are counted. What is one row?",
        "The file does not tell. The step decides which seasons are looked for (7 days, 12 months).",
        tuple(Answer(freq, words) for freq, words in STEPS.items()), "D",
    )  # fmt: skip
    freq = asking.ask(question)
    index = pd.date_range(START, periods=rows, freq=freq, unit="s")
    what = STEPS[freq].split(",")[0].split(" ", 1)[-1]
    said = f"No column was used as time: the rows were counted, as {what}s from {START}. The dates mean nothing."
    return index.to_numpy().astype("datetime64[s]").astype(np.int64), said.replace("half an hours", "half hours")
