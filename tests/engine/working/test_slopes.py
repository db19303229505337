"""Sheets and slopes on their own: what calculus says, torch says too."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.explaining.formula import Literal
from engine.working.backward import Backward
from engine.working.number import exp, largest, log, relu, sigmoid, sqrt, tanh, total, value_of
from engine.working.sheet import Sheet
from engine.working.slope import slope
from tests.engine.working.autograd import put

FORMULAS = {
    "tanh of a sum": lambda a, b, c: tanh(a * b + c),
    "sigmoid": lambda a, b, c: sigmoid(a - b) * c,
    "relu": lambda a, b, c: relu(a * b) + relu(-c),
    "quotient": lambda a, b, c: (a * b) / (b * b + c**2 + 1),
    "cross-entropy": lambda a, b, c: -log(exp(a) / (exp(a) + exp(b) + exp(c))),
    "largest": lambda a, b, c: largest(a * 2, b, c) * a,
    "root": lambda a, b, c: sqrt(a**2 + b**2 + 1) / (1 + exp(-c)),
    "cube": lambda a, b, c: (a - 2 * b) ** 3 * c,
    "more than once": lambda a, b, c: a * a * b - a / (2 + b**2) + c,
}
numbers = st.floats(-2, 2).map(lambda value: round(value, 3))
three = st.tuples(numbers, numbers, numbers).filter(lambda v: len({2 * v[0], *v}) == 4 and 0 not in v)


@pytest.mark.parametrize("name", FORMULAS)
@given(values=three)
@settings(max_examples=20, deadline=None)
def test_a_slope_is_autograds(name, values):
    sheet = Sheet()
    given_ones = [sheet.given(letter, value, "input", "") for letter, value in zip("abc", values, strict=True)]
    formula = FORMULAS[name](*given_ones).formula
    tensors = {one.key: torch.tensor(one.value, dtype=torch.float64, requires_grad=True) for one in given_ones}
    put(formula, tensors).backward()
    for one in given_ones:
        expected = tensors[one.key].grad
        assert value_of(slope(formula, one.place)) == pytest.approx(0.0 if expected is None else expected.item())


def test_of_equals_the_first_wins_as_in_torchs_pooling():
    sheet = Sheet()
    a, b = sheet.given("a", 0.5, "input", ""), sheet.given("b", 0.5, "input", "")
    formula = largest(a, b).formula
    assert [value_of(slope(formula, one.place)) for one in (a, b)] == [1, 0]


def test_a_slope_is_written_with_the_name_of_the_result():
    sheet = Sheet()
    z = sheet.given("z", 0.3, "input", "")
    h = sheet.let("h", (), tanh(z))
    found = Backward(sheet, sheet.let("loss", (), h**2)).to(z)
    assert found.key == "gradient z"
    assert found.operands == ("gradient h", "h")


def test_a_weight_used_twice_has_a_share_for_each_use():
    sheet = Sheet()
    sheet.declare("z", "sum", "t")
    w = sheet.given("w", 0.5, "weight", "")
    z = {t: sheet.let("z", t, w * t) for t in (1, 2)}
    gradient = Backward(sheet, sheet.let("loss", (), z[1] + z[2])).to(w)
    assert gradient.operands == ("share w/z[1]", "share w/z[2]")
    assert gradient.value == 3


def test_what_does_not_reach_the_loss_has_gradient_zero():
    sheet = Sheet()
    a, b = sheet.given("a", 1.0, "weight", ""), sheet.given("b", 1.0, "weight", "")
    sheet.let("aside", (), b * 2)
    gradient = Backward(sheet, sheet.let("loss", (), a * 2)).to(b)
    assert (gradient.value, gradient.made) == (0, Literal(0.0))


def test_an_update_is_named_after_its_iteration_and_its_tag():
    sheet = Sheet()
    w, eta = sheet.given("w", 1.0, "weight", ""), sheet.given("eta", 0.5, "setting", "")
    with sheet.tagged("one"):
        w = sheet.update(w, Backward(sheet, sheet.let("loss", (), w * w)).to(w), eta)
        sheet.next_iteration()
        loss = sheet.let("loss", (), w * w + 1)
    assert (w.key, w.value, w.role, loss.key) == ("w.one'", 0.0, "weight", "loss.one'")


def test_two_names_are_never_the_same():
    sheet = Sheet()
    sheet.given("a", 1.0, "input", "")
    with pytest.raises(ValueError, match="there already"):
        sheet.given("a", 2.0, "input", "")


def test_arithmetic_without_an_answer_is_not_a_number_and_no_error():
    sheet = Sheet()
    zero = sheet.given("a", 0.0, "input", "")
    values = [sheet.let(name, (), term).value for name, term in {"l": log(zero), "q": 1 / zero}.items()]
    assert all(value != value for value in values)
    assert sheet.let("s", (), total([])).value == 0


def test_a_seed_draws_inputs_and_weights_and_leaves_the_rest():
    first, again = (Sheet(seed=3) for _ in range(2))
    for sheet in (first, again):
        sheet.given("w", 0.5, "weight", "")
        sheet.given("y", 0.25, "target", "")
    assert first.value("w") == again.value("w") != 0.5
    assert first.value("y") == 0.25


def test_edits_of_numbers_that_are_not_there_are_told():
    sheet = Sheet({"w": 2.0, "v": 1.0})
    assert sheet.given("w", 0.5, "weight", "").value == 2
    assert sheet.unknown == ["v"]


def test_what_is_given_between_steps_belongs_to_none():
    sheet = Sheet()
    with sheet.step("First"):
        sheet.given("a", 1.0, "input", "")
    sheet.given("b", 1.0, "input", "")
    with sheet.step("Second", "a"):
        pass
    told = [(step.name, step.numbers, step.also) for step in sheet.steps]
    assert told == [("First", ["a"], []), ("Second", [], ["a"])]
