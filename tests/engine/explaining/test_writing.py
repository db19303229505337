"""Places are read back as they were written; formulas are written so that what they say is so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Lesson
from engine.explaining.formula import (
    Known,
    Literal,
    Negative,
    Power,
    Product,
    Quotient,
    call,
    evaluate,
    minus,
    plus,
    times,
)  # fmt: skip
from engine.explaining.writing import in_full, in_short, names
from engine.nouns.explanation import PARTS, Place
from tests.engine.explaining.sentences import Sentence

names_of_arrays = st.from_regex(r"[A-Za-z][\w./]{0,12}", fullmatch=True)
axes = st.sampled_from(["t", "unit", "channel", ""])


@given(
    array=names_of_arrays,
    index=st.lists(st.tuples(st.integers(0, 999), axes), max_size=4),
    part=st.sampled_from(PARTS),
    window=st.one_of(st.none(), st.integers(0, 99), st.just("probe")),
)
def test_a_place_is_read_as_it_was_written(array, index, part, window):
    place = Place(array, tuple(i for i, _ in index), tuple(axis for _, axis in index), part, window)
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("hidden.1[t=3, unit=2]", Place("hidden.1", (3, 2), ("t", "unit"))),
        ("gradient W_h.1[2,5]", Place("W_h.1", (2, 5), ("", ""), "gradient")),
        (" mean before b[ 1 ]", Place("b", (1,), ("",), "mean before")),
        ("norm", Place("norm")),
        ("norm W_h.1", Place("W_h.1", part="norm")),
        ("x[window=probe, t=0, feature=0]", Place("x", (0, 0), ("t", "feature"), window="probe")),
    ],
)
def test_places_people_write(text, place):
    assert Place.parse(text) == place


@pytest.mark.parametrize("text", ["", "h[", "h[a]", "h[-1]", "h[t=]", "two words", "h[1e3]", "h[99999999999]", "h[1]2"])
def test_what_is_no_place_is_a_lesson(text):
    with pytest.raises(Lesson, match="names no number"):
        Place.parse(text)


def known(value):
    return Known(Place("n"), value, "")


values = st.floats(-1e3, 1e3).filter(lambda value: abs(value) > 1e-6 or value == 0)
leaf = st.one_of(values.map(known), st.integers(-9, 9).map(lambda n: Literal(float(n))))
positive = st.floats(0.1, 9).map(known)
trees = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=9).map(lambda terms: plus(*terms)),
        st.lists(inner, min_size=2, max_size=3).map(lambda factors: Product(tuple(factors))),
        st.tuples(inner, inner).map(lambda two: minus(*two)),
        st.tuples(inner, positive).map(lambda two: Quotient(*two)),
        inner.map(Negative),
        inner.map(lambda base: Power(call("tanh", base), Literal(2.0))),
        st.tuples(inner, inner).map(lambda two: call("max", *two)),
        inner.map(lambda z: call("sigmoid", z)),
    ),
    max_leaves=12,
)


@given(formula=trees, error=st.floats(-1e-6, 1e-6))
def test_any_sentence_evaluates_to_its_digits(formula, error):
    exact = evaluate(formula, lambda leaf: leaf.value)
    sentence = Sentence(in_full("n", formula, exact * (1 + error)))
    assert sentence.holds(), sentence.formula
    assert float(sentence.shown) == pytest.approx(exact, rel=1e-3, abs=1e-2 * max(1, abs(exact)))


def test_a_sentence_reads_as_one_would_write_it():
    n = lambda name, value: Known(Place(name), value, "")  # noqa: E731
    z = plus(times(n("w", 0.5), n("x", 0.3)), times(n("u", -0.8), n("h", 0.1489)), n("b", 0.1))
    assert in_full("h", call("tanh", z), 0.1301) == "h = tanh(0.5*0.3 - 0.8*0.1489 + 0.1) = 0.1301"
    assert names(call("tanh", z)) == "tanh(w*x + u*h + b)"


def test_long_sums_are_cut_in_the_short_form_only():
    formula = plus(*map(known, range(1, 21)))
    assert in_short("n", formula, 210.0) == "n = 1 + 2 + 3 + … + 20 = 210"
    assert Sentence(in_full("n", formula, 210.0)).value == 210


def test_where_terms_cancel_only_true_digits_are_shown():
    formula = minus(known(1.0), known(1.0 + 2**-23))
    sentence = Sentence(in_full("n", formula, 0.0))
    assert sentence.holds()
    assert float(sentence.shown) == 0


def test_a_number_gone_wild_is_still_written():
    assert in_full("n", call("exp", known(1e4)), float("inf")).endswith("= inf")
