"""What the numbers of every lesson fulfil, whichever it is. The counts: pytest tests/engine/lessons -s"""

from __future__ import annotations

import math

import pytest

from engine.explaining.formula import evaluate, leaves
from engine.explaining.writing import in_full
from engine.lessons.catalogue import works
from engine.working.number import Worked
from engine.working.sheet import Sheet, worked
from tests.engine.explaining.sentences import Sentence
from tests.engine.working.autograd import forward

SEEDS = (None, 1)
each = pytest.mark.parametrize("name", works())
LARGEST = 708  # worked numbers of the largest lesson, as in the series that this grew from


def made(sheet: Sheet) -> list[Worked]:
    return [number for number in sheet.numbers.values() if number.made is not None]


@each
@pytest.mark.parametrize("seed", SEEDS)
def test_every_formula_gives_its_digits(name, seed):
    for number in made(worked(works()[name], seed=seed)):
        sentence = Sentence(in_full(number.key, number.made, number.value))
        assert sentence.holds(), in_full(number.key, number.made, number.value)
        assert math.isclose(float(sentence.shown), number.value, rel_tol=1e-3, abs_tol=1e-9)


@each
@pytest.mark.parametrize("seed", SEEDS)
def test_every_gradient_is_autograds(name, seed):
    sheet = worked(works()[name], seed=seed)
    tensors = forward(sheet)
    for back in sheet.ways_back:
        for tensor in tensors.values():
            tensor.grad = None
        tensors[back.loss.key].backward(retain_graph=True)
        for of, gradient in back.known.items():
            grad = tensors[of].grad
            assert gradient.value == pytest.approx(0.0 if grad is None else grad.item(), abs=1e-6), gradient.key


@each
def test_an_edit_changes_all_that_depends_on_it_and_nothing_else(name):
    work = works()[name]
    before = worked(work, seed=1)
    one_of_each = {number.base: key for key, number in before.numbers.items() if number.made is None}
    for key in one_of_each.values():
        after = worked(work, {key: before.value(key) + 0.137}, seed=1)
        changed = {k for k in before.numbers if before.value(k) != after.value(k)}
        assert changed - {key} <= before.dependents(key)
        for dependent in before.dependents(key):  # one that stays, stays because its arithmetic gives the same again
            formula = before.numbers[dependent].made
            assert after.value(dependent) == evaluate(formula, lambda leaf: after.value(str(leaf.place)))  # noqa: B023
        assert changed - {key} or not before.dependents(key)


@each
def test_the_way_down_ends_at_what_was_given(name):
    sheet = worked(works()[name])
    order = {key: n for n, key in enumerate(sheet.numbers)}
    for number in made(sheet):
        assert all(order[operand] < order[number.key] for operand in number.operands)
        assert number.operands or not list(leaves(number.made))[1:]


def test_the_largest_lesson_has_as_many_worked_numbers_as_those_before():
    counts = {name: len(made(worked(work))) for name, work in works().items()}
    print("\nworked numbers:", ", ".join(f"{name} {count}" for name, count in counts.items()))  # noqa: T201
    assert max(counts.values()) >= LARGEST
