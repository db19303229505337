"""What a rule knows of its operation, and how rules are found. Knows no operation by its arithmetic."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any, NamedTuple, Protocol

import torch

import engine.explaining.rules
from engine.explaining.formula import Formula, Literal, Number

Index = tuple[int, ...]
Given = Mapping[str, Any]

MOVEMENTS = frozenset({
    "__getitem__", "select", "narrow", "unbind", "chunk", "split", "tensor_split", "stack", "cat", "concat",
    "concatenate", "transpose", "swapaxes", "permute", "movedim", "t", ".T", ".mT", "view", "reshape", "flatten",
    "unflatten", "squeeze", "unsqueeze", "expand", "expand_as", "broadcast_to", "repeat", "tile", "flip", "roll",
    "contiguous", "clone", "index_select", "pad", "unfold", "diagonal",
})  # fmt: skip
"""What only moves numbers, under torch's names: see engine.explaining.movements."""

CONSTANTS = frozenset({
    "zeros", "ones", "full", "tensor", "arange", "zeros_like", "ones_like", "full_like", "new_zeros", "new_ones",
    "new_full", "new_tensor",
})  # fmt: skip
"""What makes numbers from none: the zeros before the first time step, say."""


class Unexplained(NotImplementedError):  # noqa: N818 - and no TypeError: an operator of torch would swallow it
    """An operation has no rule. Not a person's mistake but ours: a rule is to be written in engine/explaining/rules."""


class Made(NamedTuple):
    """A call that a rule makes itself, as the tape keeps calls: for the mean inside LayerNorm."""

    name: str
    function: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Rule(Protocol):
    """One operation: how each of its results comes about, and how it changes with each of its inputs.

    title: what was done, in words. arguments: the names of the positional arguments; `given` has them by name,
    tensors and plain numbers, and the result as "out".
    """

    @property
    def title(self) -> str: ...

    @property
    def arguments(self) -> tuple[str, ...]: ...

    def value(self, given: Given, index: Index) -> Formula:
        """out[index], written in the numbers it was made of."""
        ...

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        """For every result that given[argument][index] enters: its index, and its derivative by that number."""
        ...

    def beside(self, given: Given) -> dict[str, tuple[Made, torch.Tensor]]:
        """Numbers the operation made on its way and did not return, with the call that makes them."""
        ...


class Plain:
    """A rule with nothing beside its result."""

    def beside(self, given: Given) -> dict[str, tuple[Made, torch.Tensor]]:  # noqa: ARG002
        return {}


@cache
def rules() -> dict[str, Rule]:
    """Every rule of every file in engine/explaining/rules, by torch's name for the operation."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(engine.explaining.rules.__path__):
        declared = getattr(importlib.import_module(f"engine.explaining.rules.{module.name}"), "RULES", {})
        found.update(declared)
    return found


def number(value: Any, index: Index, role: str, *, kept: bool = False) -> Formula:
    """An entry of an argument that broadcasts to an output's `index`; plain numbers stand for themselves."""
    if not isinstance(value, torch.Tensor):
        return Literal(float(value))
    own = index[len(index) - value.dim() :]
    exact = tuple(0 if size == 1 else position for size, position in zip(value.shape, own, strict=True))
    return Number(value, exact, role, kept=kept)


def reached(value: torch.Tensor, index: Index, out: torch.Tensor) -> Iterator[Index]:
    """Every index of `out` that the entry value[index] was broadcast to."""
    lead = out.dim() - value.dim()
    ranges = [range(size) for size in out.shape[:lead]]
    for size, position, wide in zip(value.shape, index, out.shape[lead:], strict=True):
        ranges.append(range(wide) if size == 1 else range(position, position + 1))
    return product(*ranges)
