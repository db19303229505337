"""Rules of what slides over time or over an image: convolutions and pools, in any number of dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from engine.explaining.formula import Formula, Literal, Number, Quotient, call, plus, times
from engine.explaining.rules.contract import Given, Index, Plain, Rule, Unexplained


@dataclass(frozen=True)
class Slide:
    """Which inputs one result sees: result p and tap k meet at input p * stride + k * dilation - padding."""

    stride: Index
    dilation: Index
    padding: Index
    kernel: Index
    size: Index

    @classmethod
    def of(cls, given: Given, kernel: Index, size: Index, stride: Any) -> Slide:
        def each(value: Any, usual: Any) -> Index:
            value = usual if value is None else value
            return (value,) * len(size) if isinstance(value, int) else tuple(value)

        if isinstance(given.get("padding"), str) or given.get("ceil_mode"):
            raise Unexplained("A convolution or pool with named padding or ceil_mode has no rule.")
        return cls(each(stride, 1), each(given.get("dilation"), 1), each(given.get("padding"), 0), kernel, size)

    def seen(self, result: Index) -> Iterator[tuple[Index, Index]]:
        """(tap, input) of every tap that lies inside the input."""
        for tap in product(*map(range, self.kernel)):
            at = tuple(
                p * s + k * d - q
                for p, s, k, d, q in zip(result, self.stride, tap, self.dilation, self.padding, strict=True)
            )
            if all(0 <= a < n for a, n in zip(at, self.size, strict=True)):
                yield tap, at

    def seeing(self, at: Index, results: Index) -> Iterator[tuple[Index, Index]]:
        """(tap, result) of every result that sees the input `at`."""
        for tap in product(*map(range, self.kernel)):
            axes = zip(at, self.stride, tap, self.dilation, self.padding, results, strict=True)
            steps = [(*divmod(a + q - k * d, s), n) for a, s, k, d, q, n in axes]
            if all(rest == 0 and 0 <= position < n for position, rest, n in steps):
                yield tap, tuple(position for position, _, _ in steps)


class Convolution(Plain):
    """out[b, c, p] = bias[c] + sum over d, k of kernel[c, d, k] x[b, d, p stride + k dilation - padding]."""

    title = "convolution"
    arguments = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")

    def _slide(self, given: Given) -> Slide:
        if given.get("groups", 1) != 1:
            raise Unexplained("A convolution in groups has no rule.")
        if given["input"].dim() != given["weight"].dim():
            raise Unexplained("A convolution without a batch axis has no rule.")
        return Slide.of(given, given["weight"].shape[2:], given["input"].shape[2:], given.get("stride"))

    def value(self, given: Given, index: Index) -> Formula:
        x, kernel, bias = given["input"], given["weight"], given.get("bias")
        b, c, *result = index
        seen = list(self._slide(given).seen(tuple(result)))
        terms = [
            times(Number(kernel, (c, d, *tap), "kernel"), Number(x, (b, d, *at), "input"))
            for d in range(kernel.shape[1])
            for tap, at in seen
        ]
        return plus(*terms, *([] if bias is None else [Number(bias, (c,), "bias")]))

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        x, kernel, out = given["input"], given["weight"], given["out"]
        slide = self._slide(given)
        if argument == "bias":
            for b, *result in product(range(out.shape[0]), *map(range, out.shape[2:])):
                yield (b, *index, *result), Literal(1.0)
        elif argument == "weight":
            c, d, *tap = index
            for b, *result in product(range(out.shape[0]), *map(range, out.shape[2:])):
                seen = dict(slide.seen(tuple(result))).get(tuple(tap))
                if seen is not None:
                    yield (b, c, *result), Number(x, (b, d, *seen), "input")
        else:
            b, d, *at = index
            for k, p in slide.seeing(tuple(at), out.shape[2:]):
                for c in range(out.shape[1]):
                    yield (b, c, *p), Number(kernel, (c, d, *k), "kernel")


@dataclass(frozen=True)
class Pool(Plain):
    """The largest, or the mean, of the numbers under a window of `sides` dimensions."""

    title: str
    sides: int
    largest: bool

    @property
    def arguments(self) -> tuple[str, ...]:
        last = ("dilation", "ceil_mode") if self.largest else ("ceil_mode", "count_include_pad")
        return ("input", "kernel_size", "stride", "padding", *last)

    def _slide(self, given: Given) -> Slide:
        size = given["kernel_size"]
        kernel = (size,) * self.sides if isinstance(size, int) else tuple(size)
        stride = given.get("stride")
        return Slide.of(given, kernel, given["input"].shape[-self.sides :], stride if stride else kernel)

    def _members(self, given: Given, index: Index) -> list[Index]:
        lead, result = index[: -self.sides], index[-self.sides :]
        return [(*lead, *at) for _, at in self._slide(given).seen(result)]

    def value(self, given: Given, index: Index) -> Formula:
        members = [Number(given["input"], place, "input", kept=True) for place in self._members(given, index)]
        return call("max", *members) if self.largest else Quotient(plus(*members), self._size(given))

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        x, out = given[argument], given["out"]
        lead, at = index[: -self.sides], index[-self.sides :]
        for _, result in self._slide(given).seeing(at, out.shape[-self.sides :]):
            place = (*lead, *result)
            if not self.largest:
                yield place, Quotient(Literal(1.0), self._size(given))
            elif next(p for p in self._members(given, place) if x[p] == out[place]) == index:
                yield place, Literal(1.0)  # of equals torch takes the first

    def _size(self, given: Given) -> Literal:
        if given.get("padding") not in (None, 0, (0,) * self.sides):
            raise Unexplained("A mean pool with padding has no rule.")
        total = 1
        for side in self._slide(given).kernel:
            total *= side
        return Literal(float(total))


RULES: dict[str, Rule] = {
    "conv1d": Convolution(),
    "conv2d": Convolution(),
    "max_pool1d": Pool("largest of a window", 1, True),
    "max_pool2d": Pool("largest of a window", 2, True),
    "avg_pool1d": Pool("mean of a window", 1, False),
    "avg_pool2d": Pool("mean of a window", 2, False),
}
