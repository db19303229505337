"""What an update's clip and update did to every weight, as signals of a run: names, axes, shapes, arithmetic.

Weights and the factor are the recorded ones; the batch's gradient is asked of the lens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.contract import Lens
from engine.nouns.frame import Array, Signal, parted
from engine.nouns.lineage import made_under
from engine.nouns.run import Run
from engine.nouns.trace import Trace
from engine.offering.catalogue import AXES

WORDS = ("batch gradient", "clipped gradient", "weight before", "step", "weight after")
"""In the order in which they come about: back from the loss, clipped, and spent on the weight."""
FACTOR = "clip factor"
"""What the whole gradient was multiplied by; NaN where its numbers were cut one by one."""


def spending_signals(parameters: Mapping[str, tuple[int, ...]]) -> dict[str, Signal]:
    """Of the update that led to the weights looked at; at update 0, which nothing was before, only those are there.

    A bias (H,) is (H, 1), so that it can be drawn as weights are.
    """
    signals = [Signal(FACTOR, ("alone",), (1,), "float64")]
    for name, shape in parameters.items():
        axes, drawn = (AXES[: len(shape)], shape) if len(shape) > 1 else (("row", "alone"), (*shape, 1))
        signals += [Signal(f"{word}/{name}", axes, drawn, "float64" if word == "step" else "float32") for word in WORDS]
    return {signal.name: signal for signal in signals}


def spent(lens: Lens, trace: Trace, steps: Sequence[int], names: Sequence[str]) -> dict[str, Array]:
    """Those that are named: (len(steps), *shape) by name. KeyError where an update, or the one before, was not kept."""
    signals = spending_signals(trace.parameters)
    found = {name: np.full((len(steps), *signals[name].shape), np.nan) for name in names}
    needs_gradient = any(name.startswith(WORDS[:2]) for name in names)
    scales = dict(zip(trace.steps.tolist(), trace.history("scale").tolist(), strict=True))
    for position, step in enumerate(map(int, steps)):
        after = trace.stack("weights", [step])[0]
        before = trace.stack("weights", [step - 1])[0] if step else np.full_like(after, np.nan)
        parts = {"weight before": before, "weight after": after, "step": after.astype(np.float64) - before}
        if step == 0:
            parts |= dict.fromkeys(WORDS[:2], before)
        elif needs_gradient:
            run, series = made_under(trace.run, trace.series, step)
            gradient = lens.gradient(run, series, before, step)
            parts |= {"batch gradient": gradient, "clipped gradient": clipped(run, gradient, scales[step])}
        for name in names:
            word, _, parameter = name.partition("/")
            numbers = parted(parts[word][None], trace.parameters)[parameter] if parameter else scales[step]
            found[name][position] = np.reshape(numbers, signals[name].shape)
    return found


def clipped(run: Run, gradient: Array, scale: float) -> Array:
    """As the optimiser took it (P,): times the recorded factor, or each number cut to the threshold."""
    limit = float(run.settings["clip"])  # type: ignore[arg-type]
    cut = run.settings.get("clip_by") == "value" and limit
    return np.clip(gradient, -limit, limit) if cut else gradient * np.float32(scale)
