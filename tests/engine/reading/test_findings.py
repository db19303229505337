"""What is wrong with a file is found, said, repaired as is chosen, and can be done again with new data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.nouns.series import Series
from engine.reading.read import replay
from tests.engine.reading.files import DAILY, DAYS, csv, same, taken

RANDOM = np.random.default_rng(5)
HOURS = pd.date_range("2020-01-01", periods=500, freq="h")
NOISE = np.round(RANDOM.normal(50, 5, 500), 2)


def hourly(values: np.ndarray | list[object] = NOISE, index: pd.DatetimeIndex = HOURS) -> bytes:
    return csv([(at.strftime("%Y-%m-%d %H:%M"), value) for at, value in zip(index, values, strict=True)])


def ids(found) -> dict[str, int]:
    return {finding.id: finding.count for finding in found.findings}


def test_gaps_are_filled_from_the_past_by_default_and_said() -> None:
    rows = csv([row for row in DAILY if row[0] != "2020-01-10"])
    found = taken(rows)
    assert found.series.values[9] == found.series.values[8]
    assert list(np.flatnonzero(found.missing)) == [9]
    assert found.series.repairs == (
        "One stamp is not in the file (2020-01-10); it was put in without a value.",
        "1 of 28 values is missing (the first at 2020-01-10); it was filled with the last value before it.",
    )
    assert taken(rows, answers={"fill": "line"}).series.values[9] == (8.5 + 1.5) / 2
    assert np.isnan(taken(rows, answers={"fill": "none"}).series.values[9])


def test_missing_ends_are_left_out_when_filling_and_kept_when_not() -> None:
    rows = csv([(day, "" if place < 3 or place > 25 else place) for place, day in enumerate(DAYS)])
    found = taken(rows)
    assert (len(found.series), str(found.series.index[0].date())) == (23, "2020-01-04")
    assert found.series.repairs == (
        "The first 3 values are missing and left out. The last 2 values are missing and left out.",
    )
    assert len(taken(rows, answers={"fill": "none"}).series) == 28


def test_duplicates_are_dropped_where_equal_and_made_one_where_not() -> None:
    rows = csv([*DAILY, DAILY[3], ("2020-01-07", 100.5)])
    found = taken(rows)
    assert found.facts.duplicates == 2
    assert found.series.values[6] == (6.5 + 100.5) / 2
    assert "One row is an exact copy of another and was dropped." in found.series.repairs
    assert any("2020-01-07" in said and "averaged" in said for said in found.series.repairs)
    for how, value in (("first", 6.5), ("last", 100.5), ("sum", 107.0)):
        assert taken(rows, answers={"conflicts": how}).series.values[6] == value


@pytest.mark.parametrize("order", ["newest first", "years in blocks", "shuffled"])
def test_rows_out_of_order_are_sorted_and_said(order: str) -> None:
    places = {"newest first": np.arange(500)[::-1], "years in blocks": np.r_[250:500, 0:250]}.get(order)
    places = np.random.default_rng(1).permutation(500) if places is None else places
    found = taken(hourly(NOISE[places], HOURS[places]))
    same(found, HOURS, NOISE)
    assert not found.facts.in_order
    assert ids(found)["order of rows"] > 0


def test_clocks_set_back_and_forward_are_recognised() -> None:
    local = pd.date_range("2024-01-01", "2024-12-31 23:00", freq="h", tz="Europe/Berlin").tz_localize(None)
    values = np.round(np.random.default_rng(2).normal(size=len(local)), 3)
    found = taken(hourly(values, local))
    said = {finding.id: finding.sentence for finding in found.findings}
    assert (found.facts.duplicates, found.facts.absent) == (1, 1)
    assert "Clocks are set back" in said["conflicts"]
    assert "Clocks are put forward" in said["gaps"]


def test_stamps_beside_the_calendar_are_moved_or_left_out() -> None:
    index = HOURS.to_numpy().copy()
    index[17] += np.timedelta64(2, "m")
    data = hourly(NOISE, pd.DatetimeIndex(index))
    found = taken(data)
    assert (found.facts.off_grid, found.facts.absent) == (1, 0)
    same(found, HOURS, NOISE)
    assert np.isnan(taken(data, answers={"off_grid": "drop", "fill": "none"}).series.values[17])


def test_words_and_numbers_for_missing_are_found() -> None:
    cells: list[object] = [*NOISE]
    cells[5], cells[9], cells[30], cells[31] = "mq", "mq", -99.99, -99.99
    found = taken(hourly(cells), answers={"fill": "none"})
    assert ids(found) == {"words": 2, "code": 2, "fill": 4}
    assert list(np.flatnonzero(found.missing)) == [5, 9, 30, 31]
    kept = taken(hourly(cells), answers={"code": "keep"})
    assert kept.series.values[30] == -99.99


def test_a_doubtful_code_is_asked() -> None:
    cells = np.abs(NOISE)
    cells[:9] = -1
    found = taken(hourly(cells))
    assert [(question.id, question.likely) for question in found.questions] == [("code", "missing")]
    assert taken(hourly(cells), answers={"code": "keep"}).facts.empty == 0


def test_stuck_meters_and_outliers_are_kept_until_told_otherwise() -> None:
    values = NOISE.copy()
    values[100:130], values[300] = 51.25, 900
    found = taken(hourly(values))
    assert ids(found) == {"constant": 30, "outliers": 1}
    same(found, HOURS, values)
    cleared = taken(hourly(values), answers={"constant": "missing", "outliers": "missing", "fill": "none"})
    assert set(np.flatnonzero(np.isnan(cleared.series.values))) == {*range(100, 130), 300}


def test_nights_are_no_stuck_meters() -> None:
    sun = np.maximum(np.round(np.sin(np.arange(500) * np.pi / 12) * 100 + RANDOM.normal(size=500), 2), 0)
    assert "constant" not in ids(taken(hourly(sun)))


def test_irregular_stamps_are_asked_for_a_step() -> None:
    minutes = np.cumsum(np.random.default_rng(3).choice([5, 7, 11, 13], 400))
    index = pd.DatetimeIndex(np.datetime64("2020-01-01") + minutes.astype("timedelta64[m]"))
    found = taken(hourly(NOISE[:400], index))
    assert (found.facts.freq, found.facts.absent, found.facts.off_grid) == (None, None, None)
    assert [question.id for question in found.questions] == ["resample"]
    hour = taken(hourly(NOISE[:400], index), answers={"resample": "last:h", "fill": "none"}).series
    by_hand = pd.Series(NOISE[:400], index).groupby(index.floor("h")).last()
    np.testing.assert_array_equal(hour.values, by_hand.to_numpy())


def test_day_and_month_are_told_apart_by_all_cells_together() -> None:
    days = pd.date_range("2020-01-01", periods=20, freq="D")
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        found = taken(csv([(day.strftime(form), 1 + day.day % 3) for day in days]))
        assert str(found.series.index[-1].date()) == "2020-01-20"
        assert not found.questions


def test_an_undecided_order_is_asked_with_evidence_for_each_side() -> None:
    months = csv([(f"01/0{month}/2020", value) for month, value in enumerate((5, 7, 6, 9, 8), start=1)])
    found = taken(months)
    (question,) = found.questions
    assert question.id == "order"
    assert "Read as day/month/year" in question.evidence
    assert "Read as month/day/year" in question.evidence
    assert taken(months, answers={"order": "dmY"}).facts.freq == "MS"
    assert taken(months, answers={"order": "mdY"}).facts.freq == "D"


def test_a_thousand_or_a_fraction_is_asked() -> None:
    data = csv([(day, f"{1 + place % 7}.{100 + place}") for place, day in enumerate(DAYS)])
    assert [question.id for question in taken(data).questions] == ["decimal"]
    assert taken(data).series.values[1] == 2.101
    assert taken(data, answers={"decimal": ","}).series.values[1] == 2101


def test_a_reading_is_done_again_with_new_data_after_a_round_trip() -> None:
    old = csv([(f"01/0{month}/2020", "x" if month == 3 else month) for month in range(1, 8)], "date,load [MW]")
    found = taken(old, answers={"order": "dmY", "fill": "line"})
    head, stamps, values = found.series.head(), found.series.stamps, found.series.values
    restored = Series.restore(head, stamps, values)
    new = csv([(f"01/0{month}/2021", "" if month == 2 else month) for month in range(1, 6)], "date,load [MW]")
    again = replay(new, "new.csv", restored.read_as)
    assert again.facts.freq == "MS"
    np.testing.assert_array_equal(again.series.values, [1, 2, 3, 4, 5])


def test_what_is_chosen_is_read_by_name_or_by_position() -> None:
    rows = csv([(day, place, place * 2 + place % 2) for place, day in enumerate(DAYS)], "date,trend,sales [kEUR]")
    found = taken(rows, "shop.csv")
    assert found.outline.layout.times == ["date"]
    assert found.outline.layout.candidates == ["sales [kEUR]", "trend"]
    assert (found.series.name, found.series.unit) == ("shop: sales [kEUR]", "kEUR")
    for wanted in ("trend", "2", "TREND"):
        assert taken(rows, "shop.csv", column=wanted).series.name == "shop: trend"
    with pytest.raises(ValueError, match="no column “profit”"):
        taken(rows, column="profit")


def test_the_hash_knows_the_data_and_not_how_they_were_chosen() -> None:
    assert taken(csv(DAILY)).series.hash == taken(csv(DAILY), column="sales", answers={"fill": "none"}).series.hash
