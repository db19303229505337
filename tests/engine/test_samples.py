"""The samples against published figures. Run: pytest tests/engine/test_samples.py"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from engine.errors import Lesson
from engine.samples import sample, samples


def test_air_passengers_has_the_published_digits():
    series = sample("AirPassengers")
    assert len(series) == 144
    assert series.freq == "MS"
    assert (series.index[0].year, series.index[-1].month) == (1949, 12)
    assert series.values.sum() == 40363  # R: sum(AirPassengers)
    assert series.values.max() == 622
    assert series.repairs == ()


@pytest.mark.parametrize(
    ("name", "length", "freq", "first", "last"),
    [
        ("sunspots", 309, "YS-JAN", "1700-01-01", "2008-01-01"),
        ("co2", 2284, "W-SAT", "1958-03-29", "2001-12-29"),
        ("elnino", 732, "MS", "1950-01-01", "2010-12-01"),
    ],
)
def test_the_shipped_series_lie_where_statsmodels_puts_them(name, length, freq, first, last):
    series = sample(name)
    assert (len(series), series.freq) == (length, freq)
    assert (str(series.index[0].date()), str(series.index[-1].date())) == (first, last)
    assert np.isfinite(series.values).all()


def test_the_shipped_values_are_those_statsmodels_loads():
    from statsmodels.datasets import co2, elnino, sunspots

    weekly = co2.load_pandas().data["co2"]
    np.testing.assert_array_equal(sample("co2", "none").values, weekly.to_numpy())
    assert (sample("co2").index == weekly.index).all()
    np.testing.assert_array_equal(sample("sunspots").values, sunspots.load_pandas().data["SUNACTIVITY"])
    wide = elnino.load_pandas().data.drop(columns="YEAR")
    np.testing.assert_array_equal(sample("elnino").values, wide.to_numpy().ravel())


def test_co2_says_what_was_filled_and_can_be_left_empty():
    assert "59 of 2,284 values are missing" in sample("co2").repairs[0]
    empty = sample("co2", "none")
    assert np.isnan(empty.values).sum() == 59
    assert sample("co2").values[6] == empty.values[5]  # carried forward, nothing from the future


def test_each_sample_says_what_it_is_and_where_it_is_from():
    for chosen in samples().values():
        assert chosen.title
        assert chosen.sentence.endswith(".")
        assert chosen.source
        assert chosen.unit


def test_an_unknown_sample_is_a_lesson():
    with pytest.raises(Lesson, match="AirPassengers, sunspots"):
        sample("airpassenger")


def test_samples_import_neither_statsmodels_nor_torch():
    code = (
        "import sys, engine.samples as s; [s.sample(name) for name in s.samples()];"
        "print({'torch', 'statsmodels'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
