"""Small networks to explain: any forward function in float64, recorded moments of real ones, and what to check."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import torch

from engine.contract import models
from engine.explaining.data import Data
from engine.explaining.formula import evaluate
from engine.explaining.moment import SUBSTEPS
from engine.explaining.passes import Pass
from engine.explaining.tracing import Tracing
from engine.nouns.explanation import Place
from engine.nouns.runfile import Recorder
from engine.nouns.trace import Trace
from engine.training.network import Network, untouched
from engine.training.settings import NetworkSettings
from tests.makers import kept, small, wave


class Toy:
    """What a pass needs of a training, in float64: forward(weights, inputs, tap), and a loss of what it gives."""

    def __init__(self, forward, weights, loss):
        def whole(settings, weights, inputs, tap=untouched):
            return forward(weights, inputs, tap)

        nothing = lambda *_: {}  # noqa: E731
        self.network = Network("toy", "Toy", "", NetworkSettings, nothing, nothing, nothing, whole)
        self.settings = self.run = None
        self.cost = loss
        views = {name: torch.tensor(w, dtype=torch.float64, requires_grad=True) for name, w in weights.items()}
        self.parameters = Doubles(views)

    def loss(self, inputs, targets):
        forecast = self.network.forward(None, self.parameters.views, inputs, untouched)
        return self.cost(forecast, targets)


def in_doubles(data):
    """What a loss takes in float64; what was one tensor stays one."""
    made = {}
    return torch.utils._pytree.tree_map(
        lambda one: one if one is None else made.setdefault(id(one), one.double()), data
    )


class Doubles:
    """The weights of a pass in float64."""

    def __init__(self, views):
        self.views = views
        self.gradient = SimpleNamespace(zero_=self.clear)

    def clear(self):
        for view in self.views.values():
            view.grad = torch.zeros_like(view)

    @property
    def gradients(self):
        return {name: view.grad for name, view in self.views.items()}


def mean_square(forecast, targets):
    return (forecast - targets).square().mean()


def passed(forward, weights, inputs, targets=None, loss=mean_square):
    """The pass of a toy."""
    inputs = torch.tensor(inputs, dtype=torch.float64)
    if targets is None:
        targets = torch.linspace(-1, 1, len(inputs), dtype=torch.float64)[:, None]
    else:
        targets = torch.tensor(targets, dtype=torch.float64)
    return Pass(Toy(forward, weights, loss), (inputs, targets), False, "value")


def places(names, part):
    """Every place of every array of a pass."""
    for named in names.ordered():
        if part == "gradient" and not all(t.requires_grad for t in named.tensors.values()):
            continue
        for index in np.ndindex(*named.shape):
            yield placed(named.name, named.axes, index, part)


def placed(array, axes, index, part):
    if axes[:1] == ("window",):
        return Place(array, index[1:], axes[1:], part, index[0])
    return Place(array, index, axes, part)


NOTHING = Data(SimpleNamespace(run=SimpleNamespace(window=0)), [])
NOTHING.opened = lambda *_: None


def number(leaf):
    return leaf.value


def check(run, tolerance=1e-9):
    """Every number of a pass equals its formula, every gradient its own; returns how many were checked."""
    tracing, checked = Tracing(run, NOTHING), 0
    for part in ("value", "gradient"):
        for place in places(run.names, part):
            _, formula = tracing.backward(place) if part == "gradient" else tracing.forward(place)
            if formula is not None:
                np.testing.assert_allclose(
                    evaluate(formula, number), run.at(place), rtol=tolerance, atol=1e-12, err_msg=str(place)
                )
                checked += 1
    return checked


def recorded(folder, model="rnn", settings=None, series=None, **changes):
    """A trained run's trace, every update recorded."""
    series = series or wave()
    run = small(series, model, {"updates": 5, **(settings or {})}, **changes)
    path = kept(series, run, folder)
    described = models()[model].describe(run, series)
    recorder = Recorder(path)
    recorder.describe(described.signals, parameters=described.parameters)
    recorder.write(models()[model].observe(run, series, list(models()[model].fit(run, series))))
    recorder.close()
    return Trace(path)


def sampled(moment, random, each=2):
    """A few places out of every array of every sub-step, and of the probe window."""
    numbers = [(n, False) for substep in SUBSTEPS for n in moment.numbers(substep)]
    numbers += [(n, True) for part in ("value", "gradient") for n in moment.probed(part)]
    for found, probe in numbers:
        for _ in range(each):
            place = placed(found.array, found.axes, tuple(random.randrange(n) for n in found.shape), found.part)
            yield Place(place.array, place.index, place.axes, place.part, "probe") if probe else place
