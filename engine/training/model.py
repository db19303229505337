"""A Model out of a Network: one loop and one probe serve them all. Knows no particular network."""

from __future__ import annotations

import dataclasses
import math
from functools import partial

from engine.contract import Description, Model, models
from engine.errors import Lesson
from engine.nouns.frame import Signal
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.losses import TITLES
from engine.preparing.prepare import prepare
from engine.training.lens import Lens
from engine.training.loop import fit_network
from engine.training.network import Network
from engine.training.probe import observe_network

JUDGED = {"loss": "", "mae": "; validation: mean absolute error"}


def network_model(network: Network) -> Model:
    """The declaration that fulfils the contract."""
    return Model(
        network.name,
        network.title,
        network.sentence,
        network.settings,
        partial(describe, network),
        partial(fit_network, network),
        partial(observe_network, network),
        network.order,
        lens=Lens(network),
    )


def describe(network: Network, run: Run, series: Series) -> Description:
    """The signals and parameters that this network's frames will hold."""
    settings = network.settings.model_validate(run.settings)
    shapes = dict(network.shapes(settings, run))
    tapped = [
        dataclasses.replace(signal, name=prefix + name)
        for name, signal in network.tapped(settings, run).items()
        for prefix in ("", "gradient/")
    ]
    forecasts = [Signal(name, ("step ahead",), (run.horizon,), "float64") for name in ("forecast", "ahead")]
    weights = Signal("weights", ("parameter",), (sum(map(math.prod, shapes.values())),))
    return Description(
        (weights, *tapped, *forecasts),
        shapes,
        f"{TITLES[settings.loss]} (scaled){JUDGED[settings.judged_by]}",
        settings.updates,
        measured=prepare(run, series).measured_every(settings.batch),
        path=network.path(settings),
    )


def network_of(name: str) -> Network:
    """The network that a model is declared by. Raises Lesson where the model is none."""
    fit = models()[name].fit
    if isinstance(fit, partial) and isinstance(fit.args[0], Network):
        return fit.args[0]
    raise Lesson(
        f"The model “{name}” is not a network.",
        "This is about networks: they learn by forward, loss, backward, clip and update.",
        "Choose a network.",
    )
