"""A known series comes back from any dialect it is written in, or a question says what is doubtful."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.reading.files import DAILY, csv, same, taken

DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %b %Y", "%b %d, %Y", "%Y%m%d"),
    *("%d.%m.%y", "%A, %d %B %Y", "%d-%b-%y", "%Y %b %d", "%Y.%m.%d"),
)
CLOCKS = (" %H:%M", " %H:%M:%S", "T%H:%M:%S", " %I:%M %p", " %H.%M.%S")
FREQS = ("D", "MS", "h", "W-WED", "15min", "QS-JAN", "B", "YS-JAN", "3h", "ME")


@st.composite
def dialects(draw: st.DrawFn) -> tuple[pd.Series, bytes]:
    """A regular series, and the bytes of a file that holds it."""
    freq = draw(st.sampled_from(FREQS))
    length = draw(st.integers(26, 60))
    numbers = draw(st.lists(st.integers(-500_000, 500_000), min_size=length, max_size=length))
    index = pd.date_range("2020-01-01", periods=length, freq=freq, unit="s")
    series = pd.Series(np.array(numbers) / 100, index)
    clocked = freq in ("h", "15min", "3h")

    form = draw(st.sampled_from(DATES)) + (draw(st.sampled_from(CLOCKS)) if clocked else "")
    stamps = index.strftime(form)
    separator, comma = draw(st.sampled_from([",", ";", "\t", "|"])), draw(st.booleans())
    texts = [f"{value:.2f}".replace(".", "," if comma else ".") for value in series]
    quoted = draw(st.booleans()) or (separator == "," and (comma or "," in form))
    mark = '"' if quoted else ""
    rows = [[stamp, text] for stamp, text in zip(stamps, texts, strict=True)]
    if draw(st.booleans()):
        rows.reverse()
    title = ["Größe je Tag, gemessen in Köln", ""] if draw(st.booleans()) else []
    tail = separator if draw(st.booleans()) else ""
    lines = [separator.join(f"{mark}{cell}{mark}" for cell in row) + tail for row in [["Tag", "Größe"], *rows]]
    text = draw(st.sampled_from(["\n", "\r\n", "\r\r\n"])).join([*title, *lines, ""])
    return series, text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"])))


@settings(max_examples=80, deadline=None)
@given(dialects())
def test_a_series_is_read_back_from_any_dialect(written: tuple[pd.Series, bytes]) -> None:
    series, data = written
    found = taken(data, "Größe.csv")
    same(found, pd.DatetimeIndex(series.index), series.to_numpy())
    assert found.series.freq == pd.DatetimeIndex(series.index).freqstr
    assert found.observed.column == "Größe"
    assert {question.id for question in found.questions} <= {"order", "decimal"}
    assert not found.missing.any()


@pytest.mark.parametrize("clock", ["", *CLOCKS])
@pytest.mark.parametrize("form", DATES)
def test_commas_set_columns_apart_however_the_date_is_written(form: str, clock: str) -> None:
    index = pd.date_range("2020-01-01", periods=26, freq="h" if clock else "D", unit="s")
    for sign, tail in (("", ""), ("-", ",")):
        lines = [
            f'"{at}",{sign}0.00{tail}' if "," in form else f"{at},{sign}0.00{tail}"
            for at in index.strftime(form + clock)
        ]
        same(taken("\n".join([f"Tag,Größe{tail}", *lines]), answers={"order": "day"}), index, np.zeros(26))


def workbook(rows: list[list[object]], before: int = 0) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for _ in range(before):
        book.create_sheet("empty", 0)
    for row in rows:
        book["Sheet"].append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


INDEX = pd.date_range("2020-01-01", periods=28, freq="D", unit="s")
VALUES = [value for _, value in DAILY]
FRAME = pd.DataFrame({"date": INDEX, "sales": VALUES})


def parquet() -> bytes:
    written = io.BytesIO()
    FRAME.to_parquet(written)
    return written.getvalue()


def arrow() -> bytes:
    written = io.BytesIO()
    pyarrow.feather.write_feather(pa.Table.from_pandas(FRAME), written)
    return written.getvalue()


RECORDS = [{"date": day, "sales": value} for day, value in DAILY]
CONTAINERS = {
    "workbook": lambda: workbook([["date", "sales"], *([pd.Timestamp(day), value] for day, value in DAILY)]),
    "second sheet": lambda: workbook([["date", "sales"], *([pd.Timestamp(day), value] for day, value in DAILY)], 1),
    "titled workbook": lambda: workbook(
        [["Sales of a shop"], [], ["date", "sales"], *([day, value] for day, value in DAILY), ["Source: own"]]
    ),
    "gz": lambda: gzip.compress(csv(DAILY)),
    "zip": lambda: zipped({"shop/sales.csv": csv(DAILY), "__MACOSX/x": b"1"}),
    "parquet": parquet,
    "arrow": arrow,
    "records": lambda: json.dumps(RECORDS).encode(),
    "columns": lambda: FRAME.assign(date=FRAME["date"].astype(str)).to_json(orient="split").encode(),
    "lists": lambda: json.dumps({"date": [d for d, _ in DAILY], "sales": VALUES}).encode(),
    "by index": lambda: json.dumps({"sales": dict(DAILY)}).encode(),
    "lines": lambda: "\n".join(json.dumps(record) for record in RECORDS).encode(),
    "nested": lambda: json.dumps({"status": "ok", "result": {"rows": RECORDS}}).encode(),
    "blanks": lambda: "\n".join(["date        sales", *(f"{day}  {value:6.1f}" for day, value in DAILY)]).encode(),
    "epoch": lambda: csv([(int(at.timestamp()) * 1000, value) for at, (_, value) in zip(INDEX, DAILY, strict=True)]),
    "spreadsheet days": lambda: csv([(43_831 + place, value) for place, (_, value) in enumerate(DAILY)]),
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTAINERS)
def test_a_series_is_read_back_from_any_container(kind: str) -> None:
    same(taken(CONTAINERS[kind](), "shop"), INDEX, VALUES)


def test_a_zip_of_several_files_offers_each() -> None:
    other = csv([(day, value * 2) for day, value in DAILY])
    data = zipped({"a.csv": csv(DAILY), "b.csv": other})
    assert taken(data, "x.zip").outline.sheets == ["a.csv", "b.csv"]
    same(taken(data, "x.zip", sheet="b.csv"), INDEX, [2 * value for value in VALUES])


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234", "2,345,678", "3,000", "12,000"], [1234, 2345678, 3000, 12000]),
        (["1.234,5", "2.345,0", "3,25", "0,5"], [1234.5, 2345, 3.25, 0.5]),
        (["1 234,5", "−2,5", "3,25", "€ 4,00"], [1234.5, -2.5, 3.25, 4]),  # noqa: RUF001
        (["1'234.5", "2'000'000", "3.25", "4"], [1234.5, 2000000, 3.25, 4]),
        (["5%", "7.5%", "6%", "8%"], [5, 7.5, 6, 8]),
        (["23.6*", "24.1", "22#", "19.5 p"], [23.6, 24.1, 22, 19.5]),
        (["(12.5)", "3.5", "+4", "-.5"], [-12.5, 3.5, 4, -0.5]),
        (["1e3", "2.5E-1", ".5", "7."], [1000, 0.25, 0.5, 7]),
    ],
)
def test_numbers_are_read_as_people_write_them(cells: list[str], values: list[float]) -> None:
    rows = "\n".join(f"2020-01-0{day};{cell}" for day, cell in enumerate(cells, start=1))
    np.testing.assert_array_equal(taken(f"date;v\n{rows}\n").series.values, values)


@pytest.mark.parametrize("scale", ["k", "M", "bn"])
def test_a_number_with_a_magnitude_is_not_read_without_it(scale: str) -> None:
    rows = [(day, f"{value}{scale}") for day, value in DAILY]
    with pytest.raises(ValueError, match="holds numbers|reads"):
        taken(csv(rows))


@pytest.mark.parametrize(
    ("stamps", "start", "freq"),
    [
        ([f"{year} Q{q}" for year in range(2000, 2004) for q in range(1, 5)], "2000-01-01", "QS-JAN"),
        ([f"{q}. Quartal {year}" for year in range(2000, 2004) for q in range(1, 5)], "2000-01-01", "QS-JAN"),
        ([f"{year}M{m:02d}" for year in range(2000, 2002) for m in range(1, 13)], "2000-01-01", "MS"),
        ([f"2020-W{week:02d}" for week in range(1, 53)], "2019-12-30", "W-MON"),
        ([f"{year}-{doy:03d}" for year in (2019, 2021) for doy in range(1, 366)], "2019-01-01", "D"),
        ([f"{1900 + k / 12:.3f}" for k in range(48)], "1900-01-01", "MS"),
        ([f"{1900 + (k + 0.5) / 12:.3f}" for k in range(48)], "1900-01-01", "MS"),
        ([f"{k // 12 + 1}-{k % 12 + 1:02d}" for k in range(36)], "1901-01-01", "MS"),
        ([f"{m} 2020" for m in ("janv.", "févr.", "mars", "avril", "mai", "juin")], "2020-01-01", "MS"),
        ([f"{m} 20" for m in ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni")], "2020-01-01", "MS"),
        ([f"13.01.2020 {h:02d}:00 - 13.01.2020 {h:02d}:30" for h in range(24)], "2020-01-13", "h"),
        ([f"2020-03-29T0{h}:00:00+0{1 if h < 2 else 2}:00" for h in (0, 1, 3, 4, 5, 6)], "2020-03-28 23:00", "h"),
        ([f"1/13/2020 {h % 12 or 12}:00 {'AM' if h < 12 else 'PM'}" for h in range(24)], "2020-01-13", "h"),
    ],
)  # fmt: skip
def test_stamps_are_read_as_people_write_them(stamps: list[str], start: str, freq: str) -> None:
    rows = "\n".join(f"{stamp};{place % 7}.5" for place, stamp in enumerate(stamps))
    found = taken(f"period;v\n{rows}\n")
    assert str(found.facts.start).replace("T", " ").startswith(start)
    assert found.facts.freq == freq
    np.testing.assert_array_equal(found.observed.values, [place % 7 + 0.5 for place in range(len(stamps))])


def test_time_spread_over_columns_is_joined() -> None:
    hours = pd.date_range("2020-02-28", periods=72, freq="h")
    rows = [(1 + n, at.year, at.month, at.day, at.hour, n % 5 / 2) for n, at in enumerate(hours)]
    found = taken(csv(rows, "No,year,month,day,hour,pm"))
    same(found, hours, [n % 5 / 2 for n in range(72)])
    days = pd.date_range("2019-12-01", periods=60, freq="D")
    rows = [(at.year, at.day_of_year, n % 5 / 2) for n, at in enumerate(days)]
    same(taken(csv(rows, "Year,day,v")), days, [n % 5 / 2 for n in range(60)])
    text = "\n".join(f"{at:%d/%m/%Y};{at:%H.%M.%S};{n % 5},5" for n, at in enumerate(hours))
    same(taken(f"Date;Time;v;;\n{text}\n;;;;\n"), hours, [n % 5 + 0.5 for n in range(72)])


def test_even_and_uneven_files_are_read_alike() -> None:
    rows = [f'{day};"{value}"; {value * 2}' for day, value in DAILY]
    even = taken("\n".join(["date;a;b", *rows]), column="b")
    uneven = taken("\n".join(["date;a;b", *rows[:9], "", *rows[9:]]), column="b")
    np.testing.assert_array_equal(even.series.values, uneven.series.values)
    assert even.outline.layout.columns == uneven.outline.layout.columns
