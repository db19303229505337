"""The pictures, the CSV and the log of a comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.comparing import pictures
from dashboard.comparing.spreadsheet import csv
from engine.comparing import keeping, working
from engine.comparing.grids import Event
from engine.comparing.plan import plan
from engine.comparing.rolled import rolled
from engine.samples import sample

MODELS = ["last_value", "seasonal_naive", "theta", "seasonal_drift"]


def test_the_log_says_how_far_it_is_and_what_is_left():
    series = sample("AirPassengers")
    kept = keeping.keep(series, plan(series, MODELS, 3, 3))
    assert kept.series.hash == series.hash
    kept.begin("compare", {"a": "A", "b": "B", "c": "C", "d": "D"})
    for event in (Event("started", "a"), Event("done", "a", seconds=4.0), Event("started", "b"),
                  Event("failed", "c", message="why")):  # fmt: skip
        kept.write("compare", event)
    progress = kept.progress("compare")
    assert (progress.total, progress.done, progress.running) == (4, 1, ("B",))
    assert progress.failed == (("C", "why"),)
    assert 4 <= progress.left.seconds <= 8  # twice four seconds, less what “B” has had of it
    assert not progress.left.at_least
    assert not progress.over
    assert kept.under_way("compare") is False  # nobody holds it: that process is gone
    kept.write("compare", Event("part", "b", parts=(3, 15)))
    assert kept.progress("compare").running == ("B: 3 of 15 parts done",)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    series = sample("AirPassengers")
    chosen = plan(series, MODELS, 4, 14)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNROLLED_RUNS", str(tmp_path_factory.mktemp("runs")))
        for _ in working.run(series, chosen, workers=1):
            pass
        return series, rolled(series, chosen)


def test_the_heat_holds_every_error_with_its_forecast_truth_and_naive_line(found):
    series, said = found
    (cells,) = pictures.heat(said, "theta", series, dark=False).data
    np.testing.assert_array_equal(cells.z, np.abs(said.points["theta"][0] - said.truth))
    origin = said.origins[3]
    stamp, forecast, truth, naive = cells.customdata[3, 2]
    assert stamp == f"{series.index[origin + 2]:%Y-%m-%d}"
    assert (forecast, truth) == (said.points["theta"][0, 3, 2], series.values[origin + 2])
    assert naive == said.points["seasonal_drift"][0, 3, 2]


def test_the_curves_are_mean_errors_by_step(found):
    _, said = found
    drawn = {trace.name: trace.y for trace in pictures.curves(said, MODELS, "").data}
    np.testing.assert_allclose(drawn["Theta"], np.abs(said.points["theta"][0] - said.truth).mean(axis=0))


def test_cells_that_a_spreadsheet_would_run_are_text_and_numbers_stay_numbers():
    evil = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "plain", "  =2"]
    table = pd.DataFrame({"=model": evil, "error": [-1.5, 2, 3, 4, 5, 6, 7]}, index=pd.Index(evil, name="-name"))
    lines = csv(table).splitlines()
    assert lines[0] == "'-name,'=model,error"
    assert lines[1] == "'=1+1,'=1+1,-1.5"
    assert lines[6] == "plain,plain,6.0"
    assert not any(cell.strip('"').lstrip().startswith(tuple("=+@")) for line in lines for cell in line.split(","))
