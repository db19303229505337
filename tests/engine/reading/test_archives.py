"""Dialects of archives that people download from, generated; each is read as it is meant, without a special case."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.engine.reading.files import taken

DAYS = pd.date_range("2020-01-01", periods=120, freq="D")
HOURS = pd.date_range("2020-01-01", periods=300, freq="h")
HALVES = pd.date_range("2020-01-01", periods=400, freq="30min")
MONTHS = pd.date_range("2000-01-01", periods=120, freq="MS")
WORK = pd.date_range("2020-01-01", periods=120, freq="B")
V = np.round(np.random.default_rng(0).normal(50, 9, 400), 2)
GERMAN = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober")
GERMAN += ("November", "Dezember")
SEASONS = ["DJF", "JFM", "FMA", "MAM", "AMJ", "MJJ", "JJA", "JAS", "ASO", "SON", "OND", "NDJ"]


def comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def lines(index: pd.DatetimeIndex, row: Any) -> str:
    return "\n".join(row(at, value, place) for place, (at, value) in enumerate(zip(index, V, strict=False)))


def years(place: int) -> str:
    return " ".join(f"{V[12 * place + m]:6.2f}" if place < 9 or m < 7 else "-99.90" for m in range(12))


FILES: dict[str, tuple[str, dict[str, str], pd.DatetimeIndex]] = {
    "three header rows": (
        "Price,Close,High\nTicker,AAPL,AAPL\nDate,,\n" + lines(WORK, lambda d, v, n: f"{d:%Y-%m-%d},{v},{v + 1}"),
        {"column": "Close"}, WORK),
    "newest first with magnitudes beside": (
        '"Date","Price","Vol.","Change %"\n'
        + "\n".join(lines(WORK, lambda d, v, n: f'"{d:%b %d, %Y}","{v}","{v}M","{v / 10:.2f}%"').split("\n")[::-1]),
        {}, WORK),
    "a row of codes below the names": (
        "sasdate,RPI\nTransform:,5\n" + lines(MONTHS, lambda d, v, n: f"{d.month}/1/{d.year},{v}"), {}, MONTHS),
    "names behind a sign": (
        "# co2\n# year month day decimal average\n"
        + lines(DAYS, lambda d, v, n: f"  {d.year} {d.month:2d} {d.day:2d} {d.year + n / 365:.4f} {v:8.2f}"),
        {}, DAYS),
    "seasons of three months": (
        "SEAS YR TOTAL\n" + lines(MONTHS, lambda d, v, n: f" {SEASONS[n % 12]} {2000 + n // 12} {v:5.2f}"), {}, MONTHS),
    "years and months without names": (
        " 2000 2009\n" + "\n".join(f" {2000 + k} {years(k)}" for k in range(10)) + "\n  -99.90\n  Nino34\n  a note\n",
        {}, MONTHS[:115]),
    "types of columns below the names": (
        "# retrieved\nagency\tsite\tdatetime\tflow\tcode\n5s\t15s\t20d\t14n\t10s\n"
        + lines(DAYS, lambda d, v, n: f"USGS\t0164\t{d:%Y-%m-%d}\t{v}\tA"), {"column": "flow"}, DAYS),
    "hours in ten digits": (
        "STATIONS_ID;MESS_DATUM;QN_9;TT_TU;eor\n"
        + lines(HOURS, lambda d, v, n: f"    44;{d:%Y%m%d%H};   3;{v:7.2f};eor"),
        {"column": "TT_TU"}, HOURS),
    "flags behind values, months across": (
        "freq,geo\\TIME_PERIOD\t" + "\t".join(f"{d:%Y-%m} " for d in MONTHS) + "\n" + "\n".join(
            f"M,{geo}\t" + "\t".join(f"{v} {'p' if n > 110 else ''}" for n, v in enumerate(V[:120]))
            for geo in ("DE", "FR")),
        {"series": "DE"}, MONTHS),
    "years only where they begin": (
        "GENESIS: 61111\nDeutschland;;;\n;;Index;Veränderung\n;;2015=100;in (%)\n" + lines(
            MONTHS, lambda d, v, n: f"{d.year if d.month == 1 else ''};{GERMAN[d.month - 1]};{comma(v)};-"
        ) + "\n__________\n© Amt\n", {"column": "3"}, MONTHS),
    "facts of the place above the table": (
        "latitude,longitude,zone\n52.52,13.41,GMT\n\ntime,temperature_2m (°C)\n"
        + lines(HOURS, lambda d, v, n: f"{d:%Y-%m-%dT%H:%M},{v}"), {}, HOURS),
    "intervals with a zone": (
        '"MTU (CET/CEST)","Price"\n' + lines(
            HOURS, lambda d, v, n: f'"{d:%d/%m/%Y %H:%M} (CET) - {d + pd.Timedelta("1h"):%d/%m/%Y %H:%M} (CET)","{v}"'),
        {}, HOURS),
    "a header without its first name, then facts": (
        '"";BBK01.X;FLAGS\n"";Zinsen;\nEinheit;%;\nStand vom;01.02.2021 10:00:00;\n'
        + lines(MONTHS, lambda d, v, n: f"{d:%Y-%m};{comma(v)};"), {"column": "BBK01.X"}, MONTHS),
    "settlement periods": (
        "SETTLEMENT_DATE,SETTLEMENT_PERIOD,ND\n"
        + lines(HALVES, lambda d, v, n: f"{d:%d-%b-%Y},{2 * d.hour + d.minute // 30 + 1},{v}"), {}, HALVES),
    "an hour far from its date": (
        "instant,dteday,season,mnth,hr,cnt\n"
        + lines(HOURS, lambda d, v, n: f"{n + 1},{d:%Y-%m-%d},1,{d.month},{d.hour},{v}"), {"column": "cnt"}, HOURS),
    "a total below": (
        "Month,Sales\n" + lines(MONTHS, lambda d, v, n: f"{d:%Y-%m},{v}") + "\nTotal,1234\n", {}, MONTHS),
    "sections": (
        "Sales 2020\n\nDate,Sales\n" + lines(DAYS, lambda d, v, n: f"{d:%d/%m/%Y},{v}") + "\n\nNotes\nx is late\n",
        {}, DAYS),
    "keys that are bare numbers": (
        "Store,Dept,Date,Sales\n" + "\n".join(
            f"{s},{k},{d:%Y-%m-%d},{v if (s, k) == (2, 3) else 0}"
            for s in (1, 2) for k in (1, 2, 3) for d, v in zip(DAYS, V, strict=False)),
        {"series": "2, 3", "column": "Sales"}, DAYS),
    "values inside values": (
        json.dumps({"data": {"values": [{"date": f"{d:%b %d %Y}", "v": v} for d, v in zip(MONTHS, V, strict=False)]}}),
        {}, MONTHS),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_dialect_is_read_as_it_is_meant(name: str) -> None:
    text, choice, index = FILES[name]
    found = taken(text, **choice)
    assert list(found.series.index) == list(index)
    np.testing.assert_array_equal(found.series.values, V[: len(index)])
    assert not found.questions


def test_less_than_could_be_measured_is_asked() -> None:
    text = "Week,python\n" + lines(DAYS, lambda d, v, n: f"{d:%Y-%m-%d},{'<1' if n % 9 == 3 else int(v)}")
    assert [question.id for question in taken(text).questions] == ["limit"]
    assert taken(text).series.values[3] == 1
    assert taken(text, answers={"limit": "zero"}).series.values[3] == 0
    assert taken(text, answers={"limit": "missing"}).facts.empty == 13
