"""One pass: windows through a network forward, their loss, and back; every number of it explained.

Knows no model by name, no file and no update: see engine.explaining.moment.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.explaining.formula import (
    Call, Formula, Known, Literal, Negative, Number, Power, Product, Quotient, Sum, evaluate, leaves, plus, times,
)  # fmt: skip
from engine.explaining.movements import Index, Movements
from engine.explaining.names import FORECAST, LOSS, Names
from engine.explaining.rules.contract import CONSTANTS
from engine.explaining.tape import Operation, Tape
from engine.nouns.explanation import Part, Place
from engine.training.loop import Training

SHORT = 4  # numbers a formula may have to be written out inside a long sum
MANY = 128  # terms of a gradient by one use that are not split by windows
WHOLE = 12  # terms of a gradient that are written out even where they came by several ways

Term = tuple[Index, Formula, torch.Tensor]


class Pass:
    """The tape of one forward pass and its loss, with the gradient of every number on it."""

    def __init__(
        self, training: Training, inputs: torch.Tensor, targets: torch.Tensor, *, probe: bool, weights: Part
    ) -> None:
        self.tape = Tape()
        self.movements = Movements(self.tape)
        self.names = Names(self.tape, self.movements, len(inputs), probe=probe, weights=weights)
        self.values: dict[int, NDArray[np.floating]] = {}
        self._gradients: dict[int, NDArray[np.floating]] = {}
        self._run(training, inputs, targets)

    def _run(self, training: Training, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        views = training.parameters.views
        self.tape.give([*views.values(), inputs, targets])
        for name, view in views.items():
            self.names.call(name, view, ("",) * view.dim())
            self.values[id(view)] = np.array(view.detach().cpu().numpy())  # the update will change it in place
        self.names.parameters = set(views)
        self._forward_operations = 0
        self.names.call("x", inputs.requires_grad_(), _axes(inputs, ("t", "feature")))
        self.names.call("y", targets, _axes(targets, ("ahead",)))
        watched = dataclasses.replace(training.network, forward=self._watched(training))
        plain, training.network = training.network, watched
        try:
            training.parameters.gradient.zero_()
            with self.tape:
                loss = training.loss(inputs, targets)
            loss.backward()  # type: ignore[no-untyped-call]
        finally:
            training.network = plain
        self.loss = loss.item()
        self.names.call(LOSS, loss, ())
        for name, gradient in training.parameters.gradients.items():
            self._gradients[id(views[name])] = np.array(gradient.cpu().numpy())
        self.names.name_the_rest(self._varying(inputs, targets))

    def _watched(self, training: Training) -> Any:
        """The network's own forward, with a tap that names what passes."""
        forward = training.network.forward
        rows = {name: signal[0] for name, signal in training.network.signals(training.settings).items()}

        def tap(name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:
            axes = ("window", rows.get(name, "")) if t is not None else ("window", "t", rows.get(name, ""))
            self.names.call(name, value, axes if len(axes) == value.dim() else _axes(value, ()), t)
            return value

        def watched(*args: Any, **kwargs: Any) -> torch.Tensor:
            forecast = forward(*args, **{**kwargs, "tap": tap})
            self._forward_operations = len(self.tape.operations)
            self.names.call(FORECAST, forecast, _axes(forecast, ("ahead",)))
            return forecast

        return watched

    def _varying(self, *data: torch.Tensor) -> set[int]:
        """The ids of all tensors that the data enter."""
        varying = {id(one) for one in data}
        for operation in self.tape.operations:
            if any(id(one) in varying for one in operation.inputs):
                varying |= {id(one) for one in (*operation.outputs, *operation.beside.values())}
        return varying

    # Reading

    def value(self, place: Place) -> float:
        """The number at a place, or its gradient."""
        home = self._home(place)
        if home is None:
            return 0.0
        return self._gradient(*home) if place.part == "gradient" else self._value(*home)

    def array(self, name: str, part: Part = "value") -> NDArray[np.floating]:
        """All numbers under a name, axes as in its places; the window's first where it has one."""
        named = self.names.arrays[name]
        read = self._array if part == "value" else self._moved_gradient
        arrays = [read(tensor) for _, tensor in sorted(named.tensors.items(), key=lambda item: item[0] or 0)]
        return arrays[0] if None in named.tensors else np.stack(arrays, 1)

    def _array(self, tensor: torch.Tensor) -> NDArray[np.floating]:
        found = self.values.get(id(tensor))
        if found is None:
            found = self.values[id(tensor)] = tensor.detach().cpu().numpy()
        return found

    def _gradient_array(self, tensor: torch.Tensor) -> NDArray[np.floating]:
        found = self._gradients.get(id(tensor))
        if found is None:
            gradient = tensor.grad if tensor.requires_grad else None
            zeros = np.zeros(tuple(tensor.shape), np.float32)
            found = self._gradients[id(tensor)] = zeros if gradient is None else gradient.cpu().numpy()
        return found

    def _moved_gradient(self, tensor: torch.Tensor) -> NDArray[np.floating]:
        """Gradients of the numbers in a tensor, each read where it was made."""
        maker = self.tape.maker.get(id(tensor))
        if maker is None or not maker[0].moves:
            return self._gradient_array(tensor)
        operation, output = maker
        flat = np.concatenate([np.ravel(self._moved_gradient(one)) for one in operation.inputs])
        return np.append(flat, 0)[self.movements.sources(operation)[output]]  # padding (-1) reads the last: 0

    def _value(self, tensor: torch.Tensor, index: Index) -> float:
        return float(self._array(tensor)[index])

    def _gradient(self, tensor: torch.Tensor, index: Index) -> float:
        return float(self._gradient_array(tensor)[index])

    def _home(self, place: Place) -> tuple[torch.Tensor, Index] | None:
        return self.names.number(place)

    # Explaining

    def forward(self, place: Place) -> tuple[str, Formula | None]:
        """What was done to make the number, and the formula; None for data, weights and constants."""
        home = self._home(place)
        if home is None:
            return "constant", None
        made = self.tape.maker.get(id(home[0]))
        if made is None:
            return ("weight" if place.array in self.names.parameters else "data"), None
        operation = made[0]
        if operation.name in CONSTANTS:
            return "constant", None
        return operation.rule.title, self._opened(operation.rule.value(operation.given, home[1]))

    def backward(self, place: Place) -> tuple[str, Formula | None]:
        """The gradient of the loss by the number: local slope times gradient above, over all that used it."""
        home = self._home(place)
        if home is None or not home[0].requires_grad:
            return "constant", None
        if place.array == LOSS:
            return "constant", Literal(1.0)
        shares = self._shares(*self._followed(*home))
        if not shares:
            return "used by nothing", Literal(0.0)
        terms = [term for share in shares for term in share]
        if len(shares) == 1 or len(terms) <= WHOLE:
            return "slope times gradient above", plus(*map(self._traced, terms))
        axes = (*place.axes, "use")
        values = [evaluate(plus(*share), self._read) for share in shares]
        places = [dataclasses.replace(place, index=(*place.index, use), axes=axes, part="share")
                  for use in range(len(shares))]  # fmt: skip
        return "sum over all uses", plus(*map(Known, places, values, ("share",) * len(shares)))

    def share(self, place: Place) -> tuple[str, Formula]:
        """What one use of a number adds to its gradient."""
        *index, use = place.index
        home = self._home(dataclasses.replace(place, index=tuple(index), axes=place.axes[:-1], part="gradient"))
        shares = self._shares(*self._followed(*home)) if home is not None else []
        if use >= len(shares):
            raise Lesson(f"“{place}” is no share of a gradient.", f"It has {len(shares)} uses.", "Choose one of them.")
        return "slope times gradient above", plus(*map(self._traced, shares[use]))

    def _shares(self, tensor: torch.Tensor, index: Index) -> list[list[Formula]]:
        """The terms of a number's gradient, one list for each use of it; of one use with many, one for each window."""
        uses = [list(self._terms(*use)) for use in self.movements.uses(tensor, index)]
        uses = [terms for terms in uses if terms]
        if len(uses) == 1 and len(uses[0]) > MANY:
            windows: dict[int, list[Formula]] = {}
            for place, slope, out in uses[0]:
                windows.setdefault(place[0], []).append(_term(place, slope, out))
            return list(windows.values())
        return [[_term(*term) for term in terms] for terms in uses]

    def _terms(self, operation: Operation, seen: torch.Tensor, where: Index) -> Iterator[Term]:
        """(index of a result, slope of it, the results) of everything one operation made of one of its inputs."""
        out = operation.outputs[0]
        if not out.requires_grad or out.grad is None:
            return
        for argument, value in operation.given.items():
            if value is seen and argument != "out" and argument not in operation.beside:
                for place, slope in operation.rule.slopes(operation.given, argument, where):
                    yield place, slope, out

    def _followed(self, tensor: torch.Tensor, index: Index) -> tuple[torch.Tensor, Index]:
        """Where the gradient of a number without a name was only handed on: its one use, of slope one."""
        while not self.names.is_own(tensor):
            uses = self.movements.uses(tensor, index)
            terms = list(itertools.islice(self._terms(*uses[0]), 2)) if len(uses) == 1 else []
            if len(terms) != 1 or terms[0][1] != Literal(1.0):
                break
            index, _, tensor = terms[0]
        return tensor, index

    def _opened(self, formula: Formula) -> Formula:
        """The formula with every number traced; numbers without a name of their own are written out in it.

        Not under products and quotients, whose factors stay numbers, and in long sums only where they are short.
        """
        match formula:
            case Number():
                return self._written_out(formula, None)
            case Sum(terms):
                room = None if len(terms) <= 3 else SHORT
                return plus(*[self._written_out(t, room) if isinstance(t, Number) else self._opened(t) for t in terms])
            case Negative(term):
                return Negative(self._opened(term))
            case Power(base, exponent):
                return Power(self._opened(base), exponent)
            case Call(name, arguments):
                return Call(name, tuple(map(self._opened, arguments)))
            case Product(factors):
                return Product(tuple(map(self._kept, factors)))
            case Quotient(above, below):
                return Quotient(self._kept(above), self._kept(below))
        return formula

    def _kept(self, formula: Formula) -> Formula:
        return self._traced(formula) if isinstance(formula, Number) else self._opened(formula)

    def _written_out(self, number: Number, room: int | None) -> Formula:
        home = self.movements.home(number.tensor, number.index)
        if home is None or number.kept or number.gradient or self.names.is_own(home[0]):
            return self._traced(number)
        made = self.tape.maker.get(id(home[0]))
        if made is None or made[0].name in CONSTANTS:
            return self._traced(number)
        inner = self._opened(made[0].rule.value(made[0].given, home[1]))
        if room is not None and sum(1 for _ in leaves(inner)) > room:
            return self._traced(number)
        return inner

    def _traced(self, formula: Formula) -> Formula:
        """The formula with every number as it stands where it was made."""
        match formula:
            case Number():
                return self._known(formula)
            case Sum(terms):
                return Sum(tuple(map(self._traced, terms)))
            case Negative(term):
                return Negative(self._traced(term))
            case Product(factors):
                return Product(tuple(map(self._traced, factors)))
            case Quotient(above, below):
                return Quotient(self._traced(above), self._traced(below))
            case Power(base, exponent):
                return Power(self._traced(base), self._traced(exponent))
            case Call(name, arguments):
                return Call(name, tuple(map(self._traced, arguments)))
        return formula

    def _read(self, leaf: Known | Number) -> float:
        if isinstance(leaf, Known):
            return leaf.value
        return (self._gradient if leaf.gradient else self._value)(leaf.tensor, leaf.index)

    def _known(self, number: Number) -> Formula:
        home = self.movements.home(number.tensor, number.index)
        if home is None:
            return Literal(0.0)
        made: tuple[Operation, int] | None = self.tape.maker.get(id(home[0]))
        if made is not None and made[0].name in CONSTANTS:
            return Literal(self._value(*home))
        if number.gradient:
            above = self._followed(*home)
            return Known(self.names.place(*above, "gradient"), self._gradient(*above), number.role)
        return Known(self.names.place(*home), self._value(*home), number.role)


def _term(place: Index, slope: Formula, out: torch.Tensor) -> Formula:
    return times(slope, Number(out, place, "gradient above", gradient=True))


def _axes(tensor: torch.Tensor, names: tuple[str, ...]) -> tuple[str, ...]:
    rest = tensor.dim() - 1
    return ("window", *(names if len(names) == rest else ("",) * rest))
