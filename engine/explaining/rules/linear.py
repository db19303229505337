"""Rules of matrices: out[..., j] = sum over i of x[..., i] W[j, i] + b[j], and the product of two matrices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import torch

from engine.explaining.formula import Formula, Literal, Number, plus, times
from engine.explaining.rules.contract import Given, Index, Plain, Rule, Unexplained


class Linear(Plain):
    """torch.nn.functional.linear."""

    title = "weighted sum"
    arguments = ("input", "weight", "bias")

    def value(self, given: Given, index: Index) -> Formula:
        x, W, b = given["input"], given["weight"], given.get("bias")
        *lead, j = index
        terms = [times(Number(W, (j, i), "weight"), Number(x, (*lead, i), "input")) for i in range(W.shape[1])]
        return plus(*terms, *([] if b is None else [Number(b, (j,), "bias")]))

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        x, W = given["input"], given["weight"]
        leads = product(*map(range, x.shape[:-1]))
        if argument == "input":
            *lead, i = index
            yield from (((*lead, j), Number(W, (j, i), "weight")) for j in range(W.shape[0]))
        elif argument == "weight":
            j, i = index
            yield from (((*lead, j), Number(x, (*lead, i), "input")) for lead in leads)
        else:
            yield from (((*lead, *index), Literal(1.0)) for lead in leads)


class MatrixProduct(Plain):
    """a (..., n, k) times b (..., k, m); vectors on either side, and leading axes that are equal or absent."""

    title = "matrix product"
    arguments = ("input", "other")

    def value(self, given: Given, index: Index) -> Formula:
        a, b = given["input"], given["other"]
        at_a, at_b = self._places(a, b, index)
        return plus(*[times(Number(a, at_a(k), "left"), Number(b, at_b(k), "right")) for k in range(a.shape[-1])])

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        a, b, out = given["input"], given["other"], given["out"]
        k = index[-1] if argument == "input" or b.dim() == 1 else index[-2]
        for place in product(*map(range, out.shape)):
            at_a, at_b = self._places(a, b, place)
            if (at_a if argument == "input" else at_b)(k) == index:
                yield place, Number(b, at_b(k), "right") if argument == "input" else Number(a, at_a(k), "left")

    def _places(self, a: torch.Tensor, b: torch.Tensor, index: Index) -> tuple[Any, Any]:
        row, column = a.dim() > 1, b.dim() > 1
        lead = index[: len(index) - row - column]
        if any(t.dim() > 2 and t.shape[:-2] != (a if a.dim() > 2 else b).shape[:-2] for t in (a, b)):
            raise Unexplained("A matrix product broadcasts its leading axes; only equal ones have a rule.")
        lead_a, lead_b = (lead if t.dim() > 2 else () for t in (a, b))
        at_row = index[len(lead) : len(lead) + 1] if row else ()
        at_column = index[-1:] if column else ()
        return (lambda k: (*lead_a, *at_row, k)), (lambda k: (*lead_b, k, *at_column))


RULES: dict[str, Rule] = {
    "linear": Linear(),
    **dict.fromkeys(("matmul", "__matmul__", "mm", "bmm", "mv"), MatrixProduct()),
}
