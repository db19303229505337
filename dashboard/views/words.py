"""What is recorded, in words and dates: names of signals, stamps of a window. Knows no figure."""

from __future__ import annotations

import pandas as pd

from dashboard.views.contract import Scene
from engine.nouns.trace import Trace
from engine.preparing.prepare import prepare

WORDS = {
    "hidden": "hidden state", "cell": "cell state", "map": "feature map", "layer": "units", "window": "inputs",
    "encoder": "encoder state", "decoder": "decoder state",
    "decoder_fed": "what the decoder is fed", "decoder_start": "state that the decoder begins with",
    "stream": "what comes into", "skips": "sum of all skip connections",
}  # fmt: skip
"""Where the name itself does not say it; "reset_gate" does."""

MADE = {
    "gradient": "gradient of", "triangle": "gradient of each step's loss, arriving at", "way": "way of the gradient to",
    "total": "all gradient reaching", "share": "share of each loss's gradient reaching",
    "listened": "part of what all losses send that reaches", "decay": "gradient by lag of",
    "given": "what is given to the curve of", "slope": "steepness of the curve of", "spread": "spread of the sums of",
    "saturated by unit": "saturation of", "account": "ledger of", "operands": "operands of the ledger of",
    "provenance": "what is left of each step in", "product": "values times weights, for", "seen": "values under the",
    "place": "place of the kernel, for", "added": "what each step adds to the gradient of",
    "gathered": "gradient, gathered from the end, of", "taps": "weights of", "delta": "gradient of the sums of",
    "level mean": "mean, as a line, of", "level low": "mean less a deviation of",
    "level high": "mean and a deviation of", "step": "step taken by",
    "weight before": "weights before the update,", "spots": "place of the kernel, for",
    "terms": "what the sum is made of, for the", "passed": "what passes the",
    "gating": "filter times gate, for the", "weight after": "weights after the update,",
}  # fmt: skip
"""What is made of a signal; "mean", which stands before its name, says it itself."""


def title(name: str) -> str:
    """A signal's name in plain words: "hidden.1" is "hidden state, layer 1". Layer 0 is what stands before them all."""
    made, _, of = name.rpartition("/")
    if made:
        return f"{MADE.get(made, f'{made} of')} {title(of)}"
    kind, _, layer = name.partition(".")
    words = WORDS.get(kind, kind.replace("_", " "))
    return f"{words}, layer {layer}" if layer not in ("", "0") else words


def estimated(trace: Trace) -> bool:
    """Whether parameters are estimated by likelihood; else weights are trained on batches."""
    return "likelihood" in str(trace.facts.get("loss", ""))


def which_window(scene: Scene) -> str:
    """The window that is looked at, in words."""
    if scene.recorded:
        return "the window before the validation part"
    return f"the window from {span(scene.trace, scene.start)}"


def span(trace: Trace, start: int) -> str:
    """The dates of the first and the last step of the window that begins at value `start`."""
    dates = stamps(trace, trace.run.window, start)
    return f"{dates[0]} to {dates[-1]}"


def whole_days(index: pd.DatetimeIndex) -> bool:
    """Whether no stamp has a time of day."""
    return bool((index == index.normalize()).all())


def stamp_format(index: pd.DatetimeIndex) -> str:
    """How its stamps are written so that no two look alike; strftime and Plotly's axes and labels read it alike."""
    if (index.second != 0).any():
        return "%-d %b %Y %H:%M:%S"
    if not whole_days(index):
        return "%-d %b %Y %H:%M"
    letters = str(index.freqstr).lstrip("0123456789B")
    return "%b %Y" if letters.startswith(("MS", "ME", "Q")) else "%-d %b %Y"


def stamps(trace: Trace, length: int, start: int | None = None) -> list[str]:
    """The dates of a window's last `length` steps, as text that a person reads. start: the probe window's, if None."""
    end = prepare(trace.run, trace.series).split if start is None else start + trace.run.window
    index = trace.series.index[max(0, end - length) : end]
    return [""] * (length - len(index)) + list(index.strftime(stamp_format(trace.series.index)))


def stamps_ahead(trace: Trace, start: int | None = None) -> list[str]:
    """The dates of the forecast from that window, likewise."""
    return list(ahead(trace, start).strftime(stamp_format(trace.series.index)))


def ahead(trace: Trace, start: int | None = None) -> pd.DatetimeIndex:
    """The same dates, as such; those beyond the last value of the series too."""
    index, horizon = trace.series.index, trace.run.horizon
    origin = prepare(trace.run, trace.series).split if start is None else start + trace.run.window
    return pd.DatetimeIndex(index.append(trace.series.future(horizon))[origin : origin + horizon])
