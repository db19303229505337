"""What there is to say of a run in words and tables. Pure functions of recorded data; draws nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.views.words import stamp_format
from engine.contract import models
from engine.nouns.run import Change
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
    steps, parent = trace.steps, trace.run.parent
    updates = f"{steps[-1]} updates" if len(steps) else "not started"
    fork = f" · fork of {parent.id[:6]}" if parent else ""
    return f"{trace.series.name} · {model} · {updates} · {trace.run.id[:6]}{fork}"


def fork(trace: Trace) -> str | None:
    """What a fork shares with its parent and what it changed, in a sentence; None where the run is no fork."""
    run, parent = trace.run, trace.run.parent
    if parent is None:
        return None
    settings = {name: (parent.settings.get(name), value) for name, value in run.settings.items()}
    settings["seed"] = (parent.seed, run.seed)
    changed = [f"{n.replace('_', ' ')} {now} instead of {was}" for n, (was, now) in settings.items() if now != was]
    changed += [f"{_changed(trace, one)} {one.became:.6g} instead of {one.was:.6g}" for one in run.changed]
    return f"A fork of {parent.id[:6]} after update {run.forked_at}: {', '.join(changed) or 'nothing changed'}."


def _changed(trace: Trace, change: Change) -> str:
    if change.what == "weight":
        return f"{change.name}[{', '.join(map(str, change.index))}]"
    index = trace.series.index
    return f"the value of {index[change.index[0]]:{stamp_format(index)}}"


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
