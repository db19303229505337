"""Tables in which time does not simply run downwards: wide, crossed, long, stacked, several on a sheet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.errors import Lesson
from tests.engine.reading.files import csv, same, taken

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
INDEX = pd.date_range("1990-01-01", periods=120, freq="MS")
VALUES = np.round(10 * np.sin(np.arange(120)), 2)
GRID = VALUES.reshape(10, 12)


def crossed(header: str = "Year", months: list[str] = MONTHS, cut: int = 0) -> list[str]:
    """Years down, months across; the last `cut` cells are not filled in yet."""
    cells = [f"{value:.2f}" for value in VALUES]
    cells[120 - cut :] = ["***"] * cut
    rows = [",".join([str(1990 + year), *cells[12 * year : 12 * year + 12]]) for year in range(10)]
    return [",".join([header, *months]), *rows]


@pytest.mark.parametrize("months", [MONTHS, [str(m) for m in range(1, 13)], [f"{m}." for m in MONTHS]])
def test_years_down_and_months_across(months: list[str]) -> None:
    same(taken("\n".join(["Anomalies of something", *crossed(months=months)])), INDEX, VALUES)


def test_cells_that_are_not_filled_in_yet_are_no_rows() -> None:
    found = taken("\n".join(crossed(cut=5)))
    assert (found.facts.rows, found.facts.empty, str(found.facts.end)[:10]) == (115, 0, "1999-07-01")


def test_years_across_and_months_down_with_notes_and_totals() -> None:
    names = pd.date_range("2000-01-01", periods=12, freq="MS").strftime("%B")
    head = ["Month", *(f"{1990 + year}{' [Note 1]' if year == 3 else ''}" for year in range(10))]
    rows = [[name, *GRID[:, month]] for month, name in enumerate(names)]
    text = "\n".join(",".join(map(str, row)) for row in [head, *rows, ["Total", *GRID.sum(axis=1)]])
    same(taken(text), INDEX, VALUES)


def test_several_tables_below_each_other_are_asked_for() -> None:
    second = [line if line.startswith("Year") else line.replace(".", "1.") for line in crossed()]
    text = "\n".join(["Persons" + "," * 12, *crossed(), "Males" + "," * 12, *second])
    found = taken(text)
    assert found.outline.layout.labels == ["Persons", "Males"]
    assert [question.id for question in found.questions] == ["series"]
    same(found, INDEX, VALUES)
    assert not taken(text, series="Males").questions
    assert taken(text, series="Males").series.values[1] != VALUES[1]


def test_a_header_that_comes_again_over_other_rows_is_left_out() -> None:
    lines = crossed()
    same(taken("\n".join([*lines[:6], "", lines[0], *lines[6:]])), INDEX, VALUES)


def test_fixed_width_with_codes_that_touch() -> None:
    lines = ["   GLOBAL THINGS in 0.01 degrees, base 1951-1980", "", "Year" + "".join(f"{m:>5}" for m in MONTHS)]
    cells = [f"{int(100 * value):5d}" for value in VALUES]
    cells[115:] = ["*****"] * 5
    lines += [f"{1990 + year}" + "".join(cells[12 * year : 12 * year + 12]) for year in range(10)]
    found = taken("\n".join([*lines, "", "Divide by 100 to get degrees.", "Example: 40 is 0.40 degrees"]), "x.txt")
    same(found, INDEX[:115], (100 * VALUES[:115]).astype(int))


def test_days_down_and_hours_across() -> None:
    hours = pd.date_range("2020-03-01", periods=240, freq="h")
    values = (np.arange(240) * 7 % 50).reshape(10, 24)
    for names in ([f"{h:02d}:00" for h in range(24)], [f"H{h}" for h in range(1, 25)], [str(h) for h in range(24)]):
        rows = [[f"{day:%d.%m.%Y}", *values[n]] for n, day in enumerate(hours[::24])]
        text = "\n".join(";".join(map(str, row)) for row in [["Tag", *names], *rows])
        same(taken(text, answers={"order": "dmY"}), hours, values.ravel())


def test_dates_across_in_two_ways_of_writing() -> None:
    days = pd.date_range("2020-01-22", periods=200, freq="D")
    names = [f"{d:%m-%d-%Y}" if d.day <= 12 else f"{d.month}/{d.day}/{d:%y}" for d in days]
    rows = [
        ["", "Germany", 51.2, *range(200)],
        ["", "France", 46.2, *range(5, 205)],
        ["Réunion", "France", -21, *range(9, 209)],
    ]
    text = "\n".join(",".join(map(str, row)) for row in [["Province", "Country", "Lat", *names], *rows])
    same(taken(text, series="Germany"), days, np.arange(200))
    same(taken(text, series="France"), days, np.arange(5, 205))
    assert [question.id for question in taken(text).questions] == ["series"]
    with pytest.raises(Lesson, match="There is no series “Atlantis”"):
        taken(text, series="Atlantis")


def test_years_across() -> None:
    rows = [["Aruba", "ABW", *[""] * 5, *range(25)], ["Chad", "TCD", *range(30)]]
    text = "\n".join(",".join(map(str, row)) for row in [["Country Name", "Code", *range(1990, 2020)], *rows])
    same(taken(text, series="TCD"), pd.date_range("1990", periods=30, freq="YS"), np.arange(30))
    assert taken(text, series="Aruba").facts.rows == 25


def test_a_long_table_is_cut_by_its_key() -> None:
    rows = [(key, f"x{key}", f"{at:%Y-%m-%d}", n + 10 * k) for n, at in enumerate(INDEX) for k, key in enumerate("ABC")]
    found = taken(csv(rows, "station,code,date,load"), series="B")
    same(found, INDEX, np.arange(120) + 10)
    assert found.outline.layout.labels == ["A", "B", "C"]
    assert taken(csv(rows, "station,code,date,load")).questions[0].likely == "A"


def test_a_long_table_of_numbers_is_cut_by_numbers_that_name() -> None:
    rows = [(f"07{k:03d}", f"{at:%Y%m%d}000000", n + k) for n, at in enumerate(INDEX) for k in range(20)]
    same(taken(csv(rows, "numer_sta,date,t"), series="07007", column="t"), INDEX, np.arange(120) + 7)


def test_a_long_table_needs_as_many_keys_as_tell_its_rows_apart() -> None:
    rows = [
        (region, kind, f"{at:%Y-%m-%d}", n * r + k)
        for n, at in enumerate(INDEX) for r, region in enumerate("NS") for k, kind in enumerate(["in", "out"])
    ]  # fmt: skip
    found = taken(csv(rows, "region,kind,date,trips"), series="S, out")
    same(found, INDEX, np.arange(120) + 1)
    with pytest.raises(Lesson, match="“S” names 2 series"):
        taken(csv(rows, "region,kind,date,trips"), series="S")


def test_stacked_frequencies_are_asked_for_and_the_finest_is_likely() -> None:
    years = [(year, 1.5) for year in range(1990, 2000)]
    quarters = [(f"{year} Q{q}", 2.5) for year in range(1990, 2000) for q in range(1, 5)]
    months = [(f"{at:%Y %b}".upper(), n % 5 / 2) for n, at in enumerate(INDEX)]
    data = csv([*years, *quarters, *months], '"Title","Employment rate"\n"Unit","%"\n"Important notes",""').replace(
        b'""', b""
    )
    found = taken(data)
    assert [question.id for question in found.questions] == ["frequency"]
    assert (found.series.unit, found.series.name) == ("%", "Employment rate")
    same(found, INDEX, [n % 5 / 2 for n in range(120)])
    assert taken(data, answers={"frequency": "quarterly"}).facts.freq == "QS-JAN"
    assert taken(data, answers={"frequency": "yearly"}).facts.rows == 10


def test_a_series_a_row_with_its_start() -> None:
    head = ["Series", "N", "Category", "Starting Year", "Starting Month", *range(1, 61)]
    rows = [["N   1", 60, "MICRO", 1984, 3, *range(60)], ["N   2", 50, "MICRO", 0, 0, *range(50), *[""] * 10]]
    text = "\n".join(",".join(map(str, row)) for row in [head, *rows])
    same(taken(text, series="N 1"), pd.date_range("1984-03-01", periods=60, freq="MS"), np.arange(60))
    found = taken(text, series="N 2")
    assert [question.id for question in found.questions] == ["steps"]
    assert len(found.series) == 50


def test_a_declared_file_has_its_own_starts() -> None:
    text = "@relation x\n@attribute name string\n@attribute start date\n@frequency monthly\n@data\n" + "".join(
        f"T{k}:19{79 + k}-01-01 00-00-00:{','.join(str(v + k) for v in range(40))}\n" for k in range(3)
    )
    same(taken(text, "x.tsf", series="T2"), pd.date_range("1981-01-01", periods=40, freq="MS"), np.arange(40) + 2)


def test_units_below_the_names_and_marks_behind_numbers() -> None:
    rows = [
        f"   {at.year}  {at.month:2d}  {n % 30:5.1f}{'*' if n % 7 == 0 else ' '}  ---" for n, at in enumerate(INDEX)
    ]
    text = "\r\r\n".join(
        ["Oxford", "Estimated data is marked with a *", "   yyyy  mm   tmax    sun", "              degC  hours", *rows]
    )
    found = taken(text, "x.txt", column="tmax")
    same(found, INDEX, [n % 30 for n in range(120)])
    assert any("Marks behind numbers" in note for note in found.notes)
