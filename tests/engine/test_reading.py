"""Files in many dialects, bad files, and an oracle of awkward real ones. Run: pytest tests/engine/test_reading.py"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Lesson
from engine.reading.read import outline, read
from engine.reading.stamps import COUNT_ROWS
from tests.makers import SHARED

DAYS = [f"2020-01-{day:02d}" for day in range(1, 29)]


def csv(rows: list[tuple[object, ...]], header: str = "date,sales") -> bytes:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]).encode()


DAILY = [(day, place + 0.5) for place, day in enumerate(DAYS)]

DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %b %Y", "%b %d, %Y")


@st.composite
def dialects(draw):
    """A regular series, and the bytes of a file that holds it."""
    freq = draw(st.sampled_from(["D", "MS", "h", "W-WED", "15min", "QS-JAN"]))
    length = draw(st.integers(26, 60))
    numbers = draw(st.lists(st.integers(100_000, 500_000), min_size=length, max_size=length))
    index = pd.date_range("2020-01-01", periods=length, freq=freq, unit="s")
    series = pd.Series(np.array(numbers) / 100, index)

    form = draw(st.sampled_from(DATE_FORMATS))
    stamps = index.strftime(form + (" %H:%M" if freq in ("h", "15min") else ""))
    separator, comma = draw(st.sampled_from([",", ";", "\t", "|"])), draw(st.booleans())
    texts = [f"{value:.2f}".replace(".", "," if comma else ".") for value in series]
    quoted = draw(st.booleans()) or (separator == "," and (comma or "," in form))
    mark = '"' if quoted else ""
    rows = [[stamp, text] for stamp, text in zip(stamps, texts, strict=True)]
    if draw(st.booleans()):
        rows.reverse()
    title = ["Größe je Tag, gemessen in Köln"] if draw(st.booleans()) else []
    lines = [separator.join(f"{mark}{cell}{mark}" for cell in row) for row in [["Tag", "Größe"], *rows]]
    text = draw(st.sampled_from(["\n", "\r\n"])).join([*title, *lines, ""])
    return series, text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"])))


@settings(max_examples=150, deadline=None)
@given(dialects())
def test_a_series_is_read_back_from_any_dialect(written):
    series, data = written
    found = read(data, "Größe.csv")
    assert found.column == "Größe"
    assert (found.series.index == series.index).all()
    assert found.series.freq == pd.DatetimeIndex(series.index).freqstr
    np.testing.assert_array_equal(found.series.values, series.to_numpy())
    assert not found.missing.any()


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b"\n\n  \n", "is empty"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is a picture"),
    "workbook": (b"PK\x03\x04" + bytes(100), "Excel workbook"),
    "binary": (bytes(range(256)) * 20, "zero bytes"),
    "control": (bytes([1, 2, 3, 200, 201]) * 100, "control bytes"),
    "cut": ("date,v\n".encode("utf-16") + b"\x00", "breaks off"),
    "page": (b"<!DOCTYPE html><html><body>sign in</body></html>", "is a web page"),
    "text": (csv([*DAILY[:4], ("2020-01-05", "about seven"), *DAILY[5:]]), "Line 6 of “sales” reads “about seven”"),
    "infinite": (csv([*DAILY[:4], ("2020-01-05", "1e999"), *DAILY[5:]]), "Line 6 of “sales” reads “1e999”"),
    "words": (b"name\nann\nbob\ncid\n", "No column of “words.csv” holds numbers"),
    "short": (csv(DAILY[:2]), "has 2 rows"),
    "header": (b"date,sales\n", "has 0 rows"),
    "missing": (csv([(day, "NA") for day in DAYS]), "All 28 values of “sales” are missing"),
    "irregular": (csv([(f"2020-{m:02d}-{d:02d}", 1) for m, d in [(1, 1), (1, 2), (1, 4), (1, 9), (2, 3), (3, 17)]]),
                  "most common step is 1 day, and 1 of 5 steps are that long"),
    "stacked": (csv([(day, place) for place in range(3) for day in DAYS]), "several series, one below the other"),
    "one stamp": (csv([("2020-01-01", 1.5)] * 20), "one stamp only"),
    "no such day": (csv([*DAILY, ("2020-02-30", 3)]), "Line 30 of “date” reads “2020-02-30”"),
    "total": (csv([*DAILY, ("total", 300)]), "Line 30 of “date” reads “total”"),
    "two ways": (csv([("13/01/2020", 1), ("01/14/2020", 2), ("01/15/2020", 3)]), "cannot be read as time"),
    "ragged": (csv([("2020-01-01", 1, 5), ("2020-01-02", 2, 5), ("2020-01-03", 3, 7)]), "more fields than the header"),
    "quote": (b'date,v\n2020-01-01,"1\n2020-01-02,2\n2020-01-03,3\n2020-01-04,4\n', "never closed"),
    "columns": (csv([(1,) * 10_000] * 5, ",".join(f"c{place}" for place in range(10_000))), "10,000 columns"),
    "years": (csv([("A", *range(7))] * 4, "country,1990,1991,1992,1993,1994,1995,1996"), "is wide: 7 of its columns"),
    "decimals": (b"1,5\n2,5\n3,5\n4,25\n", "one number with a decimal comma, or two columns"),
    "parts of a second": (csv([(f"2020-01-01 00:00:00.{m}00", m) for m in range(9)]), "less than a second apart"),
    "large": (b"1\n" * 26_000_000, "is 52 MB"),
    "german": ("Monat;Wert\nMärz 20;1,5\nApr 20;2\nMai 20;3\n".encode("latin-1"), "“Monat” cannot be read as time"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_lesson(name):
    data, happened = BAD[name]
    with pytest.raises(Lesson) as caught:
        read(data, f"{name}.csv")
    lesson = caught.value
    assert happened in f"{lesson.happened} {lesson.expected}"
    assert all(part.endswith((".", "”.")) for part in (lesson.happened, lesson.expected, lesson.mend))


def test_a_column_of_markup_is_only_a_name():
    found = read(csv(DAILY, "date,<script>alert(1)</script>"), "x.csv")
    assert found.column == "<script>alert(1)</script>"
    assert len(found.series) == 28


def test_gaps_are_filled_from_the_past_by_default_and_said():
    rows = [row for row in DAILY if row[0] != "2020-01-10"]
    found = read(csv(rows), "x.csv")
    assert found.series.values[9] == found.series.values[8]
    assert list(np.flatnonzero(found.missing)) == [9]
    assert found.series.repairs == (
        "One stamp is not in the file (2020-01-10); it was put in without a value.",
        "1 of 28 values is missing (the first at 2020-01-10); it was filled with the last value before it.",
    )
    assert read(csv(rows), "x.csv", fill="line").series.values[9] == pytest.approx(9.5)
    assert np.isnan(read(csv(rows), "x.csv", fill="none").series.values[9])


def test_missing_ends_are_left_out_when_filling_and_kept_when_not():
    rows = [(day, "" if place < 3 or place > 25 else place) for place, day in enumerate(DAYS)]
    found = read(csv(rows), "x.csv")
    assert (len(found.series), str(found.series.index[0].date())) == (23, "2020-01-04")
    assert found.series.repairs == (
        "The first 3 values are missing and left out.",
        "The last 2 values are missing and left out.",
    )
    assert len(read(csv(rows), "x.csv", fill="none").series) == 28


def test_duplicates_are_dropped_where_equal_and_averaged_where_not():
    found = read(csv([*DAILY, DAILY[3], ("2020-01-07", 100.5)]), "x.csv")
    assert found.duplicates == 2
    assert found.series.values[6] == (6.5 + 100.5) / 2
    assert "One row is an exact copy of another and was dropped." in found.series.repairs
    assert any("2020-01-07" in said and "averaged" in said for said in found.series.repairs)


def test_day_and_month_are_told_apart_by_all_cells_together():
    days = pd.date_range("2020-01-01", periods=20, freq="D")
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        found = read(csv([(day.strftime(form), 1 + day.day % 3) for day in days]), "x.csv")
        assert str(found.series.index[-1].date()) == "2020-01-20"
        assert found.series.repairs == ()


def test_an_undecided_order_is_assumed_and_said():
    months = [(f"01/0{month}/2020", value) for month, value in enumerate((5, 7, 6, 9, 8), start=1)]
    found = read(csv(months), "x.csv")
    assert found.series.freq == "MS"
    assert "an assumption" in found.series.repairs[0]


def test_rows_without_time_are_counted_and_said():
    found = read(csv([(5,), (7,), (6,), (9,)], "Y"), "heart.csv")
    assert (found.time, found.series.name) == (COUNT_ROWS, "heart")
    assert "The dates mean nothing" in found.series.repairs[0]


def test_what_is_chosen_is_read():
    rows = [(day, place, place * 2 + place % 2) for place, day in enumerate(DAYS)]
    offered = outline(csv(rows, "date,trend,sales [kEUR]"), "shop.csv")
    assert offered.times == ["date"]
    assert offered.candidates == ["sales [kEUR]", "trend"]
    found = read(csv(rows, "date,trend,sales [kEUR]"), "shop.csv", column="trend")
    assert found.series.name == "shop: trend"
    assert read(csv(rows, "date,trend,sales [kEUR]"), "shop.csv").series.unit == "kEUR"
    with pytest.raises(Lesson, match="no column “profit”"):
        read(csv(rows, "date,trend,sales [kEUR]"), "shop.csv", column="profit")


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234", "2,345,678", "3,000", "12,000"], [1234, 2345678, 3000, 12000]),
        (["1.234,5", "2.345,0", "3,25", "0,5"], [1234.5, 2345, 3.25, 0.5]),
        (["1 234,5", "−2,5", "3,25", "€ 4,00"], [1234.5, -2.5, 3.25, 4]),  # noqa: RUF001
        (["5%", "7.5%", "6%", "8%"], [5, 7.5, 6, 8]),
    ],
)
def test_numbers_are_read_as_people_write_them(cells, values):
    rows = "\n".join(f"2020-01-0{day};{cell}" for day, cell in enumerate(cells, start=1))
    np.testing.assert_array_equal(read(f"date;v\n{rows}\n".encode(), "x.csv").series.values, values)


def oracle() -> dict[str, dict[str, object]]:
    if not (SHARED / "expected.json").exists():
        return {}
    return json.loads((SHARED / "expected.json").read_text(encoding="utf-8"))


# Layouts that are not one plain long table; each must be refused in words, none read wrong.
REFUSED = {
    *("messy/10_oxforddata.txt", "messy/11_GLB.Ts+dSST.csv", "messy/12_GLB.Ts+dSST_fixedwidth.txt"),
    *("messy/14_PIOMAS_daily.dat", "messy/15_ONS_lf62.csv", "messy/16_monthly_births_NISRA.xlsx"),
    *("messy/18_EIA_PET_PRI_SPT_S1_D.xls", "messy/19_oecd_inflation_empty_first_sheet.xlsx"),
    *("messy/23_covid_confirmed_global_wide.csv", "messy/28_ember_price_long.csv"),
    *("messy/31_meteofrance_synop_201510.csv", "NAB/TravelTime_387.csv"),
}


@pytest.mark.skipif(not oracle(), reason="the folder of real files is not next to the repository")
@pytest.mark.parametrize("path", oracle())
def test_real_files_are_read_as_the_oracle_says_or_refused(path):
    expected = oracle()[path]
    data = (SHARED / path).read_bytes()
    if path in REFUSED:
        with pytest.raises(Lesson):
            read(data, Path(path).name)
        return
    found = read(data, Path(path).name, expected["choose"].get("column"), fill="none")
    series = found.series
    assert series.freq == expected["freq"]
    assert str(series.index[0]) == expected["start"].removesuffix("+00:00")
    assert str(series.index[-1]) == expected["end"].removesuffix("+00:00")
    assert (found.duplicates, found.absent) == (expected["duplicate_stamps"], expected["missing_stamps"])
    assert np.isnan(series.values).sum() == expected["missing_values"] + expected["missing_stamps"]
    if not found.duplicates:  # the oracle's mean counts repeated rows twice
        assert np.nanmean(series.values) == pytest.approx(expected["value_mean"], abs=1e-6)


@pytest.mark.skipif(not SHARED.exists(), reason="the folder of real files is not next to the repository")
def test_every_real_file_is_read_or_refused_in_words():
    files = sorted(path for path in SHARED.rglob("*") if path.suffix in (".csv", ".txt", ".dat", ".tsf", ".xls"))
    assert len([path for path in files if is_read_whole(path)]) >= 75


def is_read_whole(path: Path) -> bool:
    """Whether the file is read; anything but a series without holes or a Lesson is an error."""
    try:
        found = read(path.read_bytes(), path.name)
    except Lesson:
        return False
    assert np.isfinite(found.series.values).all()
    return True
