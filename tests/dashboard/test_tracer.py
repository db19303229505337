"""What the tracer is told to draw: grids, columns, steps; nothing veiled leaves the server."""

from __future__ import annotations

import json

import pytest

from dashboard.tracer.blocks import blocks, shown
from dashboard.tracer.component import source
from dashboard.tracer.packing import packed
from engine.working.backward import Backward
from engine.working.number import tanh
from engine.working.sheet import Sheet


@pytest.fixture
def sheet():
    """One neuron over two steps, and its gradient."""
    sheet = Sheet({"b": 0.25})
    sheet.labels["t"] = ("first", "second")
    x = sheet.given("x", {1: 0.5, 2: -0.25}, "input", "the sequence", ("t",))
    W = sheet.given("W", {(1, 1): 0.5, (1, 2): 2.0}, "weight", "weights", ("unit", "from"))
    b = sheet.given("b", 0.0, "weight", "bias")
    sheet.declare("h", "states", "t")
    with sheet.step("Forward"):
        h = sheet.let("h", 1, tanh(W[1, 1] * x[1] + b))
        h = sheet.let("h", 2, tanh(W[1, 1] * x[2] + W[1, 2] * h + b))
        loss = sheet.let("loss", (), h**2)
    with sheet.step("Back"):
        Backward(sheet, loss).to(b)
    return sheet


def test_a_grid_has_a_row_for_each_index_and_a_column_where_there_is_a_second_axis(sheet):
    found = blocks(sheet)
    assert (found["x"].rows, found["x"].columns, found["x"].axes) == (("first", "second"), ("",), ("t", ""))
    assert found["W"].cells == (("W[1, 1]", "W[1, 2]"),)
    assert (found["W"].family, found["h"].family, found["gradient h"].family) == ("weight", "value", "gradient")


def test_what_each_use_adds_is_laid_out_over_time(sheet):
    assert blocks(sheet)["share b/h"].cells == (("share b/h[1]",), ("share b/h[2]",))


def test_a_grid_stands_to_the_right_of_what_it_is_made_of(sheet):
    sources, made = shown(sheet, 0, blocks(sheet))
    assert sources == [["x", "W", "b"]]
    assert made == [["h"], ["loss"]]


def test_a_step_shows_what_it_works_on_and_what_it_works_from(sheet):
    sources, made = shown(sheet, 1, blocks(sheet))
    assert sources == [["W", "h"]]
    assert made == [["gradient h"], ["share b/h"], ["gradient b"]]


def test_a_column_is_never_much_higher_than_a_screen():
    sheet = Sheet()
    for name in "abc":
        sheet.given(name, dict.fromkeys(range(1, 9), 0.5), "input", "")
    with sheet.step("All"):
        sheet.let("s", (), sheet.numbers["a[1]"] + sheet.numbers["b[1]"] + sheet.numbers["c[1]"])
    assert shown(sheet, 0, blocks(sheet))[0] == [["a"], ["b"], ["c"]]


def test_what_is_made_backwards_keeps_its_rows():
    sheet = Sheet()
    sheet.declare("h", "", "t")
    with sheet.step("Backwards"):
        for t in (3, 2, 1):
            sheet.let("h", t, 0.0)
    assert blocks(sheet)["h"].rows == ("1", "2", "3")


def test_it_travels_as_json_and_every_operand_is_found(sheet):
    told = json.loads(json.dumps(packed(sheet)))
    keys = [number["key"] for number in told["numbers"]]
    (made,) = [number for number in told["numbers"] if number["key"] == "h[1]"]
    assert made["tree"] == ["tanh", ["+", ["*", keys.index("W[1, 1]"), keys.index("x[1]")], keys.index("b")]]
    assert made["sentence"] == "h[1] = tanh(0.5*0.5 + 0.25) = 0.462117"
    assert [number["edited"] for number in told["numbers"] if number["key"] in ("b", "x[1]")] == [False, True]
    assert [step["name"] for step in told["steps"]] == ["Forward", "Back"]


def test_a_veiled_number_does_not_leave_the_server(sheet):
    told = packed(sheet, {"h[2]"})
    (veiled,) = [number for number in told["numbers"] if number["key"] == "h[2]"]
    assert veiled["veiled"]
    assert not {"value", "sentence"} & set(veiled)


def test_what_is_not_finite_is_told_as_nothing():
    sheet = Sheet()
    a = sheet.given("a", 0.0, "input", "")
    with sheet.step("Divide"):
        sheet.let("q", (), 1 / a)
    assert packed(sheet)["numbers"][-1]["value"] is None


def test_the_browser_gets_one_module():
    assert source().count("export default") == 1


def test_a_number_that_is_just_the_first_one_again_still_counts_as_worked():
    sheet = Sheet()
    first = sheet.given("a", 0.5, "input", "")
    with sheet.step("Again"):
        sheet.let("b", (), first)
    assert packed(sheet)["numbers"][1]["tree"] == ["+", 0]
