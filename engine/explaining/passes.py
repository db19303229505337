"""One pass: windows through a network forward, their loss, and back, with every number on the way kept and named.

It runs the network's own forward and the loop's own loss. Knows no model by name, no rule and no update.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.explaining.between import Between
from engine.explaining.movements import Index, Movements
from engine.explaining.names import FORECAST, LOSS, Names
from engine.explaining.tape import Tape, tensors
from engine.nouns.explanation import Part, Place
from engine.training.loop import Training


class Pass:
    """The tape of one forward pass and its loss, and the gradient of every number on it.

    data: what the loop's loss takes, inputs and targets first. weights: the part of the update that the weights are.
    supposed: numbers that take the place of others, by canonical place.
    """

    def __init__(
        self,
        training: Training,
        data: Sequence[Any],
        probe: bool,
        weights: Part,
        supposed: Mapping[Place, float] | None = None,
    ) -> None:
        self.tape, self.supposed = Tape(), dict(supposed or {})
        self.movements = Movements(self.tape)
        self.names = Names(self.tape, self.movements, len(data[0]), probe=probe, weights=weights)
        self._values: dict[int, NDArray[np.floating]] = {}
        self._gradients: dict[int, NDArray[np.floating]] = {}
        self.loss = self._run(training, data)

    def _run(self, training: Training, data: Sequence[Any]) -> float:
        if self.supposed:
            data = (data[0].clone(), *data[1:])  # the window's values may be part of what is to be reached
            self._put({"x": data[0], **training.parameters.views})
        inputs, targets = data[0].requires_grad_(), data[1].requires_grad_()
        self.tape.give([*training.parameters.views.values(), inputs, targets])
        for name, view in training.parameters.views.items():
            self.names.call(name, view, (), window=False)
            self._values[id(view)] = np.array(view.detach().cpu().numpy())  # the update will change it in place
        self.names.parameters = set(training.parameters.views)
        self.names.call("x", inputs, ("t", "feature"))
        self.names.call("y", targets, ("ahead",) if targets.dim() == 2 else ("t", "ahead"))
        plain = training.network
        training.network = dataclasses.replace(plain, forward=self._watched(training))
        try:
            training.parameters.gradient.zero_()
            with self.tape:
                loss = training.loss(*data)
            loss.backward()  # type: ignore[no-untyped-call]
        finally:
            training.network = plain
        self.names.call(LOSS, loss, (), window=False)
        for name, gradient in training.parameters.gradients.items():
            self._gradients[id(training.parameters.views[name])] = np.array(gradient.cpu().numpy())
        Between(self.names).name_the_rest(self._varying(inputs, targets))
        return loss.item()

    def _put(self, given: Mapping[str, torch.Tensor]) -> None:
        """Replaces what is supposed of the numbers that come from outside; the first axis of data is the window's."""
        with torch.no_grad():
            for place, value in self.supposed.items():
                if place.array in given:
                    index = place.index if place.window is None else (0, *place.index)
                    given[place.array][index] = value

    def _instead(self, name: str, made: torch.Tensor, t: int | None = None) -> torch.Tensor:
        """A signal as it passes, or at time step t, with what is supposed of it."""
        here = {p.index: v for p, v in self.supposed.items() if p.array == name and t in (None, p.index[0])}
        cut = {(0, *(index if t is None else index[1:])): value for index, value in here.items()}
        return self.tape.suppose(made, cut) if cut else made

    def _watched(self, training: Training) -> Any:
        """The network's own forward, with a tap that names what passes."""
        forward, axes = training.network.forward, _axes_of_signals(training)

        def tap(name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:
            along, row = axes.get(name, ("", ""))
            value = self._instead(name, value, t)
            self.names.call(name, value, (along, row) if t is not None or value.dim() > 2 else (row,), t)
            return value

        def watched(settings: Any, weights: Any, inputs: torch.Tensor, *more: Any) -> torch.Tensor:
            for known in tensors(more[1:]):  # what else the network is told, such as covariates known ahead
                if id(known) not in self.tape.users:
                    self.tape.give([known])
                    if known.numel():
                        self.names.call("known", known, ("ahead", "feature"))
            forecast = forward(settings, weights, inputs, tap, *more[1:])  # more[0]: the tap of training
            forecast = self._instead(FORECAST, forecast)
            self.names.call(FORECAST, forecast, ("ahead",) if forecast.dim() == 2 else ("t", "ahead"))
            return forecast

        return watched

    def _varying(self, *data: torch.Tensor) -> set[int]:
        """The ids of all tensors that the data enter."""
        varying = {id(one) for one in data}
        for operation in self.tape.operations:
            if any(id(one) in varying for one in operation.inputs):
                varying |= {id(one) for one in (*operation.outputs, *operation.beside.values())}
        return varying

    def at(self, place: Place) -> float:
        """The number at a place, or its gradient. Raises Lesson where there is none."""
        if place.part != "gradient":
            return self.value(*self.names.entry(place))
        home = self.names.number(place)
        return self.gradient(*home) if home else 0.0

    def array(self, name: str, part: Part = "value") -> NDArray[np.floating]:
        """All numbers under a name, axes as in its places; the window's first where it has one."""
        named = self.names.arrays[name]
        read = self._array if part == "value" else self._gradients_in
        arrays = [read(tensor) for _, tensor in sorted(named.tensors.items(), key=lambda item: item[0] or 0)]
        return arrays[0] if None in named.tensors else np.stack(arrays, 1)

    def value(self, tensor: torch.Tensor, index: Index) -> float:
        return float(self._array(tensor)[index])

    def gradient(self, tensor: torch.Tensor, index: Index) -> float:
        """The derivative of the loss by a number, at the tensor that it was made in."""
        return float(self._gradients_made(tensor)[index])

    def _array(self, tensor: torch.Tensor) -> NDArray[np.floating]:
        found = self._values.get(id(tensor))
        if found is None:
            found = self._values[id(tensor)] = tensor.detach().cpu().numpy()
        return found

    def _gradients_made(self, tensor: torch.Tensor) -> NDArray[np.floating]:
        found = self._gradients.get(id(tensor))
        if found is None:
            gradient = tensor.grad if tensor.requires_grad else None
            zeros = np.zeros(tuple(tensor.shape), np.float32)
            found = self._gradients[id(tensor)] = zeros if gradient is None else gradient.cpu().numpy()
        return found

    def _gradients_in(self, tensor: torch.Tensor) -> NDArray[np.floating]:
        """The gradients of the numbers in a tensor, each read where it was made."""
        maker = self.tape.maker.get(id(tensor))
        if maker is None or not maker[0].moves:
            return self._gradients_made(tensor)
        operation, output = maker
        flat = np.concatenate([np.ravel(self._gradients_in(one)) for one in operation.inputs])
        return np.append(flat, 0)[self.movements.sources(operation)[output]]  # padding is -1: it reads the last, 0


def shown(training: Training, starts: NDArray[np.int64], update: int | None = None) -> tuple[Any, ...]:
    """What the loop's loss takes of the windows that begin at `starts`; `update` says which one learns from them."""
    inputs, targets = training.windows.take(starts)
    if update is None:
        return inputs, targets, training.windows.ahead(starts)
    return inputs, targets, training.ahead(starts, targets, update)[0]


def _axes_of_signals(training: Training) -> dict[str, tuple[str, str]]:
    """What each tapped signal runs along, and what its rows are called."""
    tapped = training.network.signals(training.settings, training.run)
    return {name: ("t" if along == "time" else "ahead", axis) for name, (axis, _, along) in tapped.items()}
