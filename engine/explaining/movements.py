"""Operations that only move numbers, seen through: which number stands where. Know no rule and no network.

A movement is done once more with positions instead of numbers; so one way serves slices, transposes, stacks,
padding and all others, and none of them can be described wrongly.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.explaining.tape import Operation, Tape, tensors

Index = tuple[int, ...]
OUTSIDE = -1  # the position of a number that came from no tensor, such as padding


class Movements:
    """Where the numbers of one tape were made, and who used them."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.sources = lru_cache(maxsize=None)(_sources)  # by operation, as long as the tape lives
        self.targets = lru_cache(maxsize=None)(_targets)

    def home(self, tensor: torch.Tensor, index: Index) -> tuple[torch.Tensor, Index] | None:
        """The tensor and index where that number was made; None for padding."""
        maker = self.tape.maker.get(id(tensor))
        while maker is not None and maker[0].moves:
            operation, output = maker
            position = int(self.sources(operation)[output][index])
            if position == OUTSIDE:
                return None
            tensor, index = _entry(operation, position)
            maker = self.tape.maker.get(id(tensor))
        return tensor, index

    def uses(self, tensor: torch.Tensor, index: Index) -> list[tuple[Operation, torch.Tensor, Index]]:
        """Every (operation, its input tensor, index there) that computed with that number, in order."""
        found: list[tuple[Operation, torch.Tensor, Index]] = []
        for operation in self.tape.users[id(tensor)]:
            if not operation.moves:
                found.append((operation, tensor, index))
                continue
            for start, one in _starts(operation):
                if one is tensor:
                    position = start + int(np.ravel_multi_index(index, tensor.shape)) if index else start
                    for output, where in self._landed(operation, position):
                        found += self.uses(output, where)
        return found

    def find(self, tensor: torch.Tensor, home: torch.Tensor, index: Index) -> Index | None:
        """Where the number made at home[index] stands in `tensor`, a movement of it; None where it does not."""
        if tensor is home:
            return index
        maker = self.tape.maker.get(id(tensor))
        if maker is None or not maker[0].moves:
            return None
        operation, output = maker
        for start, one in _starts(operation):
            inner = self.find(one, home, index)
            if inner is None:
                continue
            position = start + (int(np.ravel_multi_index(inner, one.shape)) if inner else 0)
            for landed, where in self._landed(operation, position):
                if landed is operation.outputs[output]:
                    return where
        return None

    def _landed(self, operation: Operation, position: int) -> list[tuple[torch.Tensor, Index]]:
        order, ordered, starts = self.targets(operation)
        first, last = np.searchsorted(ordered, [position, position + 1])
        found = []
        for flat in sorted(order[first:last].tolist()):
            output = int(np.searchsorted(starts, flat, side="right")) - 1
            tensor = operation.outputs[output]
            where = np.unravel_index(flat - int(starts[output]), tensor.shape) if tensor.dim() else ()
            found.append((tensor, tuple(map(int, where))))
        return found


def _starts(operation: Operation) -> list[tuple[int, torch.Tensor]]:
    """The position of each input's first number, when all inputs are numbered in a row."""
    start, found = 0, []
    for tensor in operation.inputs:
        found.append((start, tensor))
        start += tensor.numel()
    return found


def _entry(operation: Operation, position: int) -> tuple[torch.Tensor, Index]:
    start, tensor = next((s, t) for s, t in reversed(_starts(operation)) if s <= position)
    return tensor, tuple(map(int, np.unravel_index(position - start, tensor.shape))) if tensor.dim() else ()


def _sources(operation: Operation) -> list[NDArray[np.int64]]:
    """For each output an array of its shape: the position its numbers came from."""
    numbered = iter([torch.arange(start, start + t.numel()).view(t.shape) for start, t in _starts(operation)])
    args = _replaced(operation.args, numbered)
    kwargs = {name: _replaced(value, numbered) for name, value in operation.kwargs.items()}
    if operation.name == "pad":
        kwargs |= {"value": OUTSIDE} if len(args) < 4 else {}
        args = (*args[:3], OUTSIDE) if len(args) >= 4 else args
    moved = operation.function(*args, **kwargs)
    return [one.numpy() for one in ([moved] if isinstance(moved, torch.Tensor) else moved)]


def _targets(operation: Operation) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The outputs' positions in a row, ordered by where they came from; those sources; each output's first position."""
    flat = np.concatenate([np.ravel(one) for one in _sources(operation)])
    order = np.argsort(flat, kind="stable")
    sizes = [math.prod(output.shape) for output in operation.outputs]
    return order, flat[order], np.cumsum([0, *sizes[:-1]])


def _replaced(values: Any, by: Any) -> Any:
    if isinstance(values, torch.Tensor) and any(True for _ in tensors(values)):
        return next(by)
    if isinstance(values, tuple | list):
        return type(values)(_replaced(value, by) for value in values)
    return values
