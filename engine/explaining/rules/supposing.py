"""The rule of numbers that a person put in the place of what was made. Knows no model, and not who supposed them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.explaining.formula import Formula, Literal, Number
from engine.explaining.rules.contract import Given, Index, Plain, Rule


class Supposed(Plain):
    """out = input, save at the indices of `supposed`: there out is the number supposed, and nothing flows back."""

    title = "supposed"
    arguments = ("input",)

    def value(self, given: Given, index: Index) -> Formula:
        put = given["supposed"]
        return Literal(put[index]) if index in put else Number(given["input"], index, "input")

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:  # noqa: ARG002
        if index not in given["supposed"]:
            yield index, Literal(1.0)


RULES: dict[str, Rule] = {"supposed": Supposed()}
