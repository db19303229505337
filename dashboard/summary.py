"""What there is to say of a run in words and tables. Pure functions of recorded data; draws nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.contract import models
from engine.nouns.trace import Trace

PREPARING = (
    "apart", "test", "transform", "difference", "seasonal_difference", "scaling", "anchor", "covariates", "known_ahead",
    "seed", "series",
)  # fmt: skip


def title(trace: Trace) -> str:
    """One line that tells one run from another."""
    model = models()[trace.run.model].title
    if trace.run.settings.get("layer_norm"):
        model = f"LayerNorm-{model}"
    steps = trace.steps
    updates = f"{steps[-1]} updates" if len(steps) else "not started"
    return f"{trace.series.name} · {model} · {updates} · {trace.run.id[:6]}"


def decisions(trace: Trace) -> pd.DataFrame:
    """Everything that was decided, one row each, as text."""
    run = trace.run.model_dump(mode="json")
    settings = run.pop("settings")
    rows = {**{name: run[name] for name in ("model", "window", "horizon", "validation")}, **settings}
    rows |= {name: run[name] for name in PREPARING if name in run}  # those that were not chosen are not written
    facts = {name: trace.facts[name] for name in ("device_name", "threads", "torch", "path") if name in trace.facts}
    return pd.DataFrame({"decided": {name.replace("_", " "): str(v) for name, v in (rows | facts).items()}})


def best(trace: Trace) -> int | None:
    """The update whose validation was the lowest; the last one where none was measured."""
    steps, validation = trace.steps, trace.history("validation")[: len(trace.steps)]
    if not len(steps):
        return None
    return int(steps[np.nanargmin(validation)] if np.isfinite(validation).any() else steps[-1])


def forecast(trace: Trace, step: int) -> pd.DataFrame:
    """The forecast beyond the end of the series as it was after update `step`."""
    values = trace.stack("ahead", [step])[0]
    stamps = trace.series.future(trace.run.horizon)
    return pd.DataFrame({"stamp": stamps, "forecast": values}).set_index("stamp")
