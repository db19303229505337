"""A sheet as what the tracer in the browser draws: numbers, sentences, trees, grids and steps. Knows no page."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from dashboard.tracer.blocks import array_name, blocks, shown
from engine.explaining.formula import Call, Formula, Known, Literal, Negative, Power, Product, Quotient, Sum
from engine.explaining.writing import in_full
from engine.working.number import Worked
from engine.working.sheet import PRIME, Sheet

Tree = int | str | list[Any]
"""A number by its position, a literal as text, or an operation and what it is done to."""


def packed(sheet: Sheet, veiled: Collection[str] = ()) -> dict[str, Any]:
    """All that the tracer needs. veiled: keys of numbers that are not to be shown yet; their values stay here."""
    position = {key: n for n, key in enumerate(sheet.numbers)}
    grids = blocks(sheet)
    arrays = {array_name(number.place): _name(number) for number in sheet.numbers.values()}
    order = {name: n for n, name in enumerate(grids)}
    return {
        "arrays": [arrays[name] for name in grids],
        "numbers": [_number(number, position, order, veiled, sheet.edits) for number in sheet.numbers.values()],
        "blocks": [
            {
                "title": grid.title, "family": grid.family, "rows": grid.rows, "columns": grid.columns,
                "axes": grid.axes, "cells": [[position.get(key, -1) for key in row] for row in grid.cells],
            }
            for grid in grids.values()
        ],
        "steps": [
            {
                "name": step.name, "new": [position[key] for key in step.numbers],
                **_columns(shown(sheet, n, grids), order),
            }
            for n, step in enumerate(sheet.steps)
        ],
    }  # fmt: skip


def _columns(sides: tuple[list[list[str]], list[list[str]]], order: dict[str, int]) -> dict[str, Any]:
    """What a step works from and what it works on: positions of grids by column."""
    names = ("sources", "made")
    return {name: [[order[one] for one in column] for column in side] for name, side in zip(names, sides, strict=True)}


def sentence(number: Worked) -> str:
    """The number's arithmetic in digits; for one that was given, what it is."""
    return f"{number.key} = {number.value!r}" if number.made is None else in_full(number.key, number.made, number.value)


def _name(number: Worked) -> dict[str, Any]:
    """What a formula calls the array: letter, tag, how many iterations on, and which part of it."""
    place = number.place
    array, _, user = place.array.partition("/")
    return {
        "base": number.base, "tag": array.rstrip(PRIME)[len(number.base) + 1 :], "primes": array.count(PRIME),
        "part": place.part, "user": user,
    }  # fmt: skip


def _number(
    number: Worked, position: dict[str, int], order: dict[str, int], veiled: Collection[str], edits: Collection[str]
) -> dict[str, Any]:
    about: dict[str, Any] = {
        "key": number.key, "array": order[array_name(number.place)], "index": number.place.index, "role": number.role,
        "edited": number.key in edits,
    }  # fmt: skip
    if number.made is not None:
        tree = _tree(number.made, position)
        about["tree"] = tree if isinstance(tree, list) else ["+", tree]  # position 0 would read as no tree at all
    if number.key in veiled:
        return about | {"veiled": True}
    about["sentence"] = sentence(number)
    return about | {"value": number.value if math.isfinite(number.value) else None}


def _tree(formula: Formula, position: dict[str, int]) -> Tree:
    def inner(*parts: Formula) -> list[Tree]:
        return [_tree(part, position) for part in parts]

    match formula:
        case Known(place):
            return position[str(place)]
        case Literal(value):
            return repr(value).removesuffix(".0")
        case Sum(terms):
            return ["+", *inner(*terms)]
        case Product(factors):
            return ["*", *inner(*factors)]
        case Negative(term):
            return ["-", *inner(term)]
        case Quotient(above, below):
            return ["/", *inner(above, below)]
        case Power(base, exponent):
            return ["^", *inner(base, exponent)]
        case Call(name, arguments):
            return [name, *inner(*arguments)]
    raise TypeError("a formula with something that is no worked number")
