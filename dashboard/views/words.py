"""What is recorded, in words and dates: names of signals, stamps of a window. Knows no figure."""

from __future__ import annotations

import pandas as pd

from engine.nouns.trace import Trace
from engine.preparing.prepare import prepare

WORDS = {
    "hidden": "hidden state", "cell": "cell state", "map": "feature map", "layer": "units", "window": "inputs",
    "encoder": "encoder state", "decoder": "decoder state",
}  # fmt: skip
"""Where the name itself does not say it; "reset_gate" does."""


def title(name: str) -> str:
    """A signal's name in plain words: "hidden.1" is "hidden state, layer 1". Layer 0 is what stands before them all."""
    kind, _, layer = name.partition(".")
    words = WORDS.get(kind, kind.replace("_", " "))
    return f"{words}, layer {layer}" if layer not in ("", "0") else words


def estimated(trace: Trace) -> bool:
    """Whether parameters are estimated by likelihood; else weights are trained on batches."""
    return "likelihood" in str(trace.facts.get("loss", ""))


def stamp_format(index: pd.DatetimeIndex) -> str:
    """How its stamps are written so that no two look alike; strftime and Plotly's axes and labels read it alike."""
    if (index.second != 0).any():
        return "%-d %b %Y %H:%M:%S"
    if (index != index.normalize()).any():
        return "%-d %b %Y %H:%M"
    letters = str(index.freqstr).lstrip("0123456789B")
    return "%b %Y" if letters.startswith(("MS", "ME", "Q")) else "%-d %b %Y"


def stamps(trace: Trace, length: int) -> list[str]:
    """The dates of the shown window's last `length` steps, as text that a person reads."""
    split = prepare(trace.run, trace.series).split
    index = trace.series.index[max(0, split - length) : split]
    return [""] * (length - len(index)) + list(index.strftime(stamp_format(trace.series.index)))


def stamps_ahead(trace: Trace) -> list[str]:
    """The dates of the forecast from the shown window, likewise."""
    index = trace.series.index
    return list(index[prepare(trace.run, trace.series).target].strftime(stamp_format(index)))
