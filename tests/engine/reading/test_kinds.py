"""What can stand beside a series of a file: numbers, and few words as columns of 0 and 1."""

from __future__ import annotations

import numpy as np

from engine.reading.kinds import column, kinds, others
from engine.reading.layouts.layout import Choice
from engine.reading.read import outline, read_outline

ROWS = [("2024-01-01", "U", 3, 9, "a"), ("2024-01-03", "W", 5, 7, "b"), ("2024-01-02", "W", 4, 8, "c"),
        ("2024-01-03", "W", 5, 7, "b"), ("2024-01-04", "A", 6, 6, "d")]  # fmt: skip
ROWS += [(f"2024-01-{day:02}", "W", day, day, f"note {day}") for day in range(5, 25)]
CSV = "day,kind,rail,bus,remark\n" + "".join(",".join(map(str, row)) + "\n" for row in ROWS)


def test_each_word_is_a_column_of_its_own_sorted_and_cleaned_as_the_values_are():
    offered = outline(CSV.encode(), "rides.csv")
    taken = read_outline(offered, Choice(column="rail"))
    assert kinds(offered) == {"kind": ["kind: A", "kind: U", "kind: W"]}  # remarks are too many to be kinds
    assert others(taken) == ["bus", "kind: A", "kind: U", "kind: W"]
    np.testing.assert_array_equal(column(taken, "bus").values[:4], [9, 8, 7, 6])
    words = np.array([column(taken, f"kind: {word}").values[:5] for word in "AUW"])
    np.testing.assert_array_equal(words, [[0, 0, 0, 1, 0], [1, 0, 0, 0, 0], [0, 1, 1, 0, 1]])
    assert column(taken, "kind: A").index.equals(taken.series.index)


def test_words_that_tell_several_series_apart_are_no_kinds_of_one():
    days = [f"2024-01-{day:02}" for day in range(1, 20)]
    long = "day,shop,sold\n" + "".join(f"{day},{shop},{n}\n" for shop in "AB" for n, day in enumerate(days))
    assert kinds(outline(long.encode(), "shops.csv")) == {}
