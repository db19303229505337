"""What the numbers beside the clock are: which of them a run has, and which weights each belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.views.words import estimated
from engine.nouns.trace import Trace


@dataclass(frozen=True)
class Number:
    """One number of the readout. Where it does not apply to the run, a dash stands for it."""

    name: str
    title: str
    hint: str
    applies: bool = True


def numbers(trace: Trace) -> list[Number]:
    """In the order in which they stand."""
    if estimated(trace):
        own = "with the parameters as they are at this update"
        return [
            Number("update", "update", "How many steps the optimiser has taken."),
            Number("epoch", "epoch", "A network goes through its windows epoch by epoch; this model does not.", False),
            Number("loss", "loss", f"Minus log-likelihood per value, {own}."),
            Number("validation", "validation", f"Mean squared error of one forecast, {own}."),
            Number("norm", "slope", f"How steep the loss is, over all parameters, {own}."),
            Number("scale", "clip", "Nothing is clipped where a likelihood is maximised.", False),
        ]
    return [
        Number("update", "update", "How many times the weights have been changed."),
        Number("epoch", "epoch", "Which pass through all windows of the training part this is."),
        Number("loss", "batch loss, before the update", "Of this update's batch, with the weights from before it."),
        Number("validation", "validation, after the update", "With the new weights; so are states and forecast."),
        Number("norm", "gradient norm, before clipping", "Of this update's batch, with the weights from before it."),
        Number("scale", "clip", "What the gradient was multiplied by.", bool(trace.run.settings.get("clip"))),
    ]
