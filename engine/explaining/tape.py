"""The tape: every operation of a pass through a network, with its inputs and outputs. Knows no network.

It watches torch's own functions (`TorchFunctionMode`), so what is explained is what was computed; it changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from engine.explaining.rules.contract import CONSTANTS, MOVEMENTS, Rule, Unexplained, rules


class Operation:
    """One call of a torch function. outputs: its tensors, in order. beside: what the rule itself computed with it."""

    def __init__(self, name: str, function: Callable[..., Any], args: Any, kwargs: Any, outputs: Any) -> None:
        self.name, self.function, self.args, self.kwargs = name, function, args, kwargs
        self.outputs = tensors(outputs)
        self.inputs = tensors((*args, *kwargs.values()))
        self.beside: dict[str, torch.Tensor] = {}

    @property
    def moves(self) -> bool:
        """It only moves numbers: what comes out was made before."""
        return self.name in MOVEMENTS

    @property
    def rule(self) -> Rule:
        return rules()[self.name]

    @cached_property
    def given(self) -> dict[str, Any]:
        """Its arguments by name, and its result as "out"."""
        positional = zip(self.rule.arguments, self.args, strict=False)
        return {**dict(positional), **self.kwargs, **self.beside, "out": self.outputs[0]}


class Tape(TorchFunctionMode):
    """Operations in the order they ran; who made a tensor, and who used it.

    Raises Unexplained at once where a number would come from nowhere: an operation without a rule, a tensor changed
    in place, a tensor that neither was given a name (`give`) nor was made here.
    """

    def __init__(self) -> None:
        super().__init__()
        self.operations: list[Operation] = []
        self.maker: dict[int, tuple[Operation, int]] = {}  # by id: `kept` holds every tensor, so ids stay unique
        self.users: dict[int, list[Operation]] = {}
        self.kept: list[torch.Tensor] = []

    def give(self, given: Iterable[torch.Tensor]) -> None:
        """Tensors that come from outside and have a name there: data and weights."""
        for tensor in given:
            self.kept.append(tensor)
            self.users.setdefault(id(tensor), [])

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ARG002
        kwargs = kwargs or {}
        name = _name(function)
        if name.endswith("_") and not name.endswith("__") or name in ("__setitem__", "__iadd__", "__imul__"):
            raise Unexplained(f"`{name}` changes numbers in place, so what they were is lost.")
        result = function(*args, **kwargs)
        if tensors(result):
            self._keep(Operation(name, function, args, kwargs, result))
        return result

    def suppose(self, made: torch.Tensor, supposed: dict[tuple[int, ...], float]) -> torch.Tensor:
        """The same numbers, some of them replaced: by index. Called while the tape watches."""
        with torch._C.DisableTorchFunction():
            mask, put = torch.zeros(made.shape, dtype=torch.bool, device=made.device), torch.zeros_like(made)
            for index, value in supposed.items():
                mask[index], put[index] = True, value
            out = torch.where(mask, put.detach(), made)
        self._keep(Operation("supposed", torch.where, (made,), {"supposed": supposed}, out))
        return out

    def _keep(self, operation: Operation) -> None:
        if any(out is given for out in operation.outputs for given in operation.inputs):
            return  # it handed its input through, as `contiguous` may
        if operation.name not in MOVEMENTS | CONSTANTS and operation.name not in rules():
            raise Unexplained(f"No rule explains the operation `{operation.name}`.")
        if operation.name not in CONSTANTS:
            for tensor in operation.inputs:
                if id(tensor) not in self.users:
                    shape = tuple(tensor.shape)
                    raise Unexplained(f"A tensor of shape {shape} enters `{operation.name}` and was made nowhere.")
            for used in {id(tensor) for tensor in operation.inputs}:
                self.users[used].append(operation)
        if operation.name in rules():
            with torch.no_grad():
                self._put_beside(operation)
        self.operations.append(operation)
        for position, output in enumerate(operation.outputs):
            self.maker[id(output)] = (operation, position)
            self.users[id(output)] = []
            self.kept.append(output)
            if output.requires_grad and not operation.moves:
                output.retain_grad()

    def _put_beside(self, operation: Operation) -> None:
        for name, (maker, value) in operation.rule.beside(operation.given).items():
            made = Operation(maker.name, maker.function, maker.args, maker.kwargs, value)
            self.maker[id(value)] = (made, 0)
            self.users[id(value)] = []
            self.kept.append(value)
            operation.beside[name] = value
        operation.__dict__.pop("given", None)  # it was read before what stands beside it was there


def tensors(values: Any) -> Sequence[torch.Tensor]:
    """Every tensor of real numbers in nested tuples and lists, in order; whole numbers are positions, not signals."""
    if isinstance(values, torch.Tensor):
        return (values,) if values.is_floating_point() else ()
    if isinstance(values, tuple | list):
        return [tensor for value in values for tensor in tensors(value)]
    return ()


def _name(function: Any) -> str:
    name = str(getattr(function, "__name__", function))
    return f".{function.__self__.__name__}" if name == "__get__" else name
