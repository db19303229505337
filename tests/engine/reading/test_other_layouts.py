"""A known series comes back from random dialects of every layout but the plain tall one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.reading import cells
from tests.engine.reading.files import same, taken
from tests.engine.reading.test_dialects import dialects

Draw = st.DrawFn
Drawn = tuple[bytes, dict[str, object], pd.Series]
NAMES = ("Nord", "Süd", "Ost", "West", "Mitte")
MONTHS = [
    words.split() if words else [str(month) for month in range(1, 13)]
    for words in (
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "January February March April May June July August September October November December",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "",
    )
]


def numbers(draw: Draw, length: int) -> np.ndarray:
    return np.random.default_rng(draw(st.integers(0, 99))).integers(-500_000, 500_000, length) / 100


def drawn(draw: Draw, freq: str, length: int) -> pd.Series:
    return pd.Series(numbers(draw, length), pd.date_range("2019-01-01", periods=length, freq=freq, unit="s"))


def text(draw: Draw, rows: list[list[str]], separators: str = ",;\t|") -> bytes:
    """The rows as a file; where its numbers have a decimal comma, that is no separator."""
    comma = draw(st.booleans())
    separator = draw(st.sampled_from(sorted(set(separators) - ({","} if comma else set()))))
    rows = [[cell.replace("#", "," if comma else ".") for cell in row] for row in rows]
    title = ["Messwerte", ""] if draw(st.booleans()) else []
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join([*title, *map(separator.join, rows), ""]).encode(draw(st.sampled_from(["utf-8", "utf-16"])))


def written(value: float) -> str:
    return f"{value:.2f}".replace(".", "#")


def wide(draw: Draw) -> Drawn:
    """Dates, months or years across; a row for each series."""
    freq, form = draw(
        st.sampled_from([("D", "%Y-%m-%d"), ("D", "%d.%m.%Y"), ("MS", "%Y-%m"), ("MS", "%b %Y"), ("YS", "%Y")])
    )
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True))
    known = {name: drawn(draw, freq, 30) for name in names}
    wanted = draw(st.sampled_from(names))
    stamps = known[wanted].index.strftime(form)
    rows = [["Station", *stamps], *([name, *map(written, series)] for name, series in known.items())]
    return text(draw, rows), {"series": wanted}, known[wanted]


def crossed(draw: Draw) -> Drawn:
    """Years down and months across, or days down and hours across."""
    if draw(st.booleans()):
        series, words = drawn(draw, "MS", 12 * draw(st.integers(3, 6))), draw(st.sampled_from(MONTHS))
        table = series.to_numpy().reshape(-1, 12)
        first = [str(year) for year in range(2019, 2019 + len(table))]
        return (
            text(draw, [["Year", *words], *([a, *map(written, b)] for a, b in zip(first, table, strict=True))]),
            {},
            series,
        )
    series, from_one = drawn(draw, "h", 24 * draw(st.integers(3, 6))), draw(st.integers(0, 1))
    table, form = series.to_numpy().reshape(-1, 24), draw(st.sampled_from(["%Y-%m-%d", "%d.%m.%Y"]))
    days = series.index[::24].strftime(form)
    hours = [f"H{hour + from_one:02d}" for hour in range(24)]
    return (
        text(draw, [["Date", *hours], *([a, *map(written, b)] for a, b in zip(days, table, strict=True))]),
        {},
        series,
    )


def long(draw: Draw) -> Drawn:
    """Series below each other, told apart by one key column or two, of different lengths, in any order of rows."""
    keys = [(a, b) for a in ("Nord", "Süd") for b in ("gas", "wind")] if draw(st.booleans()) else [("Nord",), ("Süd",)]
    freq, form = draw(st.sampled_from([("D", "%Y-%m-%d"), ("D", "%d/%m/%Y"), ("h", "%Y-%m-%d %H:%M"), ("MS", "%b %Y")]))
    known = {key: drawn(draw, freq, draw(st.integers(26, 32))) for key in keys}
    rows = [
        [*key, stamp, written(value)]
        for key, series in known.items()
        for stamp, value in zip(series.index.strftime(form), series, strict=True)
    ]
    if draw(st.booleans()):
        rows.sort(key=lambda row: pd.to_datetime(row[-2], format=form))
    wanted = draw(st.sampled_from(keys))
    head = [*("region", "kind")[: len(wanted)], "when", "load"]
    return text(draw, [head, *rows]), {"series": ", ".join(wanted), "answers": {"order": "dmY"}}, known[wanted]


def fixed_width(draw: Draw) -> Drawn:
    """Columns set apart by blanks alone, to the left or to the right of their places."""
    series = drawn(draw, "D", draw(st.integers(26, 50)))
    rows = [["date", "load", "other"]]
    rows += [[f"{at:%Y-%m-%d}", f"{value:.2f}", str(place % 7)] for place, (at, value) in enumerate(series.items())]
    widths = [draw(st.integers(12, 15)) for _ in range(3)]
    set_ = draw(st.sampled_from([str.ljust, str.rjust]))
    lines = ["".join(set_(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(lines).encode(), {"column": "load"}, series


def split(draw: Draw) -> Drawn:
    """The date spread over columns."""
    freq, head, parts = draw(st.sampled_from(SPLIT))
    series = drawn(draw, freq, draw(st.integers(30, 60)))
    rows = [[*parts(at), written(value)] for at, value in series.items()]
    return text(draw, [[*head, "load"], *rows]), {"column": "load"}, series


SPLIT: tuple[tuple[str, list[str], Callable[[pd.Timestamp], list[str]]], ...] = (
    ("D", ["year", "month", "day"], lambda at: [str(at.year), str(at.month), str(at.day)]),
    ("D", ["Day", "Month", "Year"], lambda at: [f"{at.day:02d}", f"{at.month:02d}", str(at.year)]),
    ("MS", ["Jahr", "Monat"], lambda at: [str(at.year), MONTHS[2][at.month - 1]]),
    ("QS-JAN", ["Year", "Quarter"], lambda at: [str(at.year), str(at.quarter)]),
    ("D", ["YEAR", "DOY"], lambda at: [str(at.year), str(at.day_of_year)]),
    ("h", ["year", "month", "day", "hour"], lambda at: [str(at.year), str(at.month), str(at.day), str(at.hour)]),
    ("15min", ["Date", "Time"], lambda at: [f"{at:%d.%m.%Y}", f"{at:%H:%M}"]),
    ("W-MON", ["year", "week"], lambda at: [str(at.isocalendar().year), str(at.isocalendar().week)]),
)


def stacked(draw: Draw) -> Drawn:
    """Years, quarters and months in one column, as archives of economic series have them."""
    years = draw(st.integers(4, 6))
    known = {
        "yearly": drawn(draw, "YS-JAN", years),
        "quarterly": drawn(draw, "QS-JAN", 4 * years),
        "monthly": drawn(draw, "MS", 12 * years),
    }
    forms = {
        "yearly": lambda at: str(at.year),
        "quarterly": lambda at: f"{at.year} Q{at.quarter}",
        "monthly": lambda at: f"{at:%Y %b}".upper(),
    }
    rows = [[forms[kind](at), written(value)] for kind, series in known.items() for at, value in series.items()]
    wanted = draw(st.sampled_from(sorted(known)))
    return text(draw, [["Period", "Index"], *rows]), {"answers": {"frequency": wanted}}, known[wanted]


@pytest.mark.parametrize("layout", [wide, crossed, long, fixed_width, split, stacked])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_series_is_read_back_from_any_dialect_of_a_layout(
    layout: Callable[[Draw], Drawn], data: st.DataObject
) -> None:
    file, choice, series = layout(data.draw)  # type: ignore[arg-type]
    same(taken(file, **choice), pd.DatetimeIndex(series.index), series.to_numpy())  # type: ignore[arg-type]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dialects())
def test_where_a_long_file_is_cut_into_pieces_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, drawn: tuple[pd.Series, bytes]
) -> None:
    series, data = drawn
    monkeypatch.setattr(cells, "PIECE", 7)
    same(taken(data), pd.DatetimeIndex(series.index), series.to_numpy())
