"""Names for what lies between named numbers: each is called after where it leads.

`cell.1/sigmoid.2` is the second sigmoid on the way to `cell.1` at the same time step. Knows no rule and no file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import torch

from engine.explaining.names import Named, Names
from engine.explaining.rules.contract import CONSTANTS
from engine.explaining.tape import Operation


@dataclass(frozen=True)
class _Way:
    """Where a number leads first: the name, its turn on the tape, and its time step (None: to several)."""

    turn: int
    name: str
    t: int | None


class Between:
    """What of one pass its network, its data and the loop gave no name."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def name_the_rest(self, varying: set[int]) -> None:
        """Name what the network did not, after where it leads. varying: ids of tensors with a row per window."""
        ways = self._ways()
        self._name_axes(ways)
        counts: dict[tuple[str, str, int | None], int] = defaultdict(int)
        untimed: dict[tuple[str, str], int] = defaultdict(int)
        operations = [op for op in self.names.tape.operations if not op.moves and op.name not in CONSTANTS]
        nameless = [(op, out) for op in operations for out in (*op.beside.values(), *op.outputs)]
        nameless = [(op, out) for op, out in nameless if id(out) in ways and not self._covered(out)]
        for timed in (False, True):  # first what serves all time steps, so that each later count starts alike
            for operation, out in nameless:
                way = ways[id(out)]
                if (way.t is not None) != timed:
                    continue
                kind = _kind(operation, out)
                number = counts[way.name, kind, way.t] = counts[way.name, kind, way.t] + 1
                if timed:
                    number += untimed[way.name, kind]
                else:
                    untimed[way.name, kind] = number
                name = self._free(f"{way.name}/{kind}", number, way.t, out)
                window = "window" if id(out) in varying and out.dim() and out.shape[0] == self.names.windows else ""
                axes = (window, *("",) * (out.dim() - 1)) if out.dim() else ()
                if timed:
                    axes = (*axes[:1], self.names.arrays[way.name].axes[1], *axes[1:])
                named = self.names.arrays.setdefault(name, Named(name, axes, False))
                named.tensors[way.t] = out
                self.names.aliases[id(out)].append((named, way.t, out))

    def _free(self, name: str, number: int, t: int | None, out: torch.Tensor) -> str:
        """The name with the next number at which all time steps have one shape: a decoder's first differs."""
        while True:
            numbered = f"{name}.{number}" if number > 1 else name
            there = self.names.arrays[numbered].tensors if numbered in self.names.arrays else {}
            if not there or (t not in there and next(iter(there.values())).shape == out.shape):
                return numbered
            number += 1

    def _name_axes(self, ways: Mapping[int, _Way]) -> None:
        """A tapped signal that the network does not describe has the axes of the one it leads to, where sizes agree."""
        for named in reversed(self.names.ordered()):  # what is made later has its axes already
            way = ways.get(id(next(iter(named.tensors.values()))))
            to = self.names.arrays[way.name] if way and named.axes[:1] == ("window",) else named
            if len(to.axes) == len(named.axes):
                axes = zip(named.axes, to.axes, named.shape, to.shape, strict=True)
                named.axes = tuple(own or (other if size == its else "") for own, other, size, its in axes)

    def _covered(self, tensor: torch.Tensor) -> bool:
        """All its numbers have names."""
        return sum(alias.numel() for _, _, alias in self.names.aliases[id(tensor)]) >= tensor.numel()

    def _ways(self) -> dict[int, _Way]:
        """Where each tensor leads first, found from the end of the tape to its beginning."""
        ways: dict[int, _Way] = {}
        own = {
            id(tensor): (named.name, t) for named in self.names.arrays.values() for t, tensor in named.tensors.items()
        }
        for turn in reversed(range(len(self.names.tape.operations))):
            operation = self.names.tape.operations[turn]
            through: _Way | None = None
            for out in operation.outputs:
                way = _Way(turn, *own[id(out)]) if id(out) in own else ways.get(id(out))
                through = _first(through, way)
            if through is not None:
                for tensor in (*operation.inputs, *operation.beside.values()):
                    joined = _first(ways.get(id(tensor)), through)
                    if joined is not None:
                        ways[id(tensor)] = joined
        return ways


def _first(one: _Way | None, other: _Way | None) -> _Way | None:
    if one is None or other is None:
        return one or other
    first = min(one, other, key=lambda way: way.turn)
    return _Way(first.turn, first.name, one.t if one.t == other.t else None)


KINDS = {"add": "sum", "__radd__": "sum", "sub": "difference", "__rsub__": "difference", "mul": "product",
         "div": "quotient", "matmul": "linear", "conv1d": "convolution", "conv2d": "convolution",
         "layer_norm": "normalised"}  # fmt: skip


def _kind(operation: Operation, out: torch.Tensor) -> str:
    beside = next((name for name, tensor in operation.beside.items() if tensor is out), None)
    return beside or KINDS.get(operation.name, operation.name.strip("_"))
