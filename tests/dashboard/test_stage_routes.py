"""The stage's routes, asked as the browser asks. `pytest tests/dashboard/test_stage_routes.py`"""

import json
import re
from pathlib import Path

import numpy as np
import plotly
import plotly.graph_objects as go
import pytest
import streamlit
from plotly.basedatatypes import BaseTraceType
from starlette.applications import Starlette
from starlette.testclient import TestClient

import dashboard.views
from dashboard import tokens
from dashboard.stage import frames as stage_frames
from dashboard.stage import routes as stage_routes
from dashboard.stage.packing import pack
from engine import control, runs
from engine.looking import look_at
from engine.nouns.runfile import Recorder, connect
from engine.nouns.trace import Trace
from engine.worker import work
from tests import traces
from tests.makers import kept, small, wave
from tests.scenes import ask


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("UNROLLED_RUNS", str(tmp_path))
    return traces.keep(tmp_path, updates=20, units=3)


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=stage_routes.routes()))


@pytest.fixture
def token() -> str:
    return tokens.issue()


def unpack(content: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The other end of `pack`, as bytes.js does it."""
    length = int.from_bytes(content[:4], "little")
    header = json.loads(content[4 : 4 + length])
    assert (4 + length) % 8 == 0
    arrays = {}
    for listed in header["arrays"]:
        assert listed["offset"] % 8 == 0
        flat = np.frombuffer(content, listed["dtype"], int(np.prod(listed["shape"])), 4 + length + listed["offset"])
        arrays[listed["name"]] = flat.reshape(listed["shape"])
    return header, arrays


def test_what_is_packed_is_unpacked() -> None:
    arrays = {"a": np.arange(3, dtype=np.float32), "b": np.array([[1.5, np.nan]]), "none": np.empty((0, 4))}
    header, back = unpack(pack({"said": "ü"}, arrays))
    assert header["said"] == "ü"
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == array.dtype


def test_the_history_is_the_run_files(run: str, client: TestClient, token: str) -> None:
    answer = client.get(f"/stage/{token}/{run}/history")
    header, arrays = unpack(answer.content)
    assert answer.headers["content-encoding"] == "identity"
    assert header["state"] == "finished"
    assert not header["alive"]
    assert header["parameters"] == list(traces.PARAMETERS)
    with Trace(runs.path(run)) as trace:
        np.testing.assert_array_equal(arrays["step"], trace.steps)
        for name in ("loss", "validation", "norm", "scale", "epoch", "learning_rate", "before"):
            np.testing.assert_array_equal(arrays[name], trace.history(name))
        assert [tuple(event) for event in header["events"]] == trace.events()


def test_the_history_after_a_step_is_only_what_came_later(run: str, client: TestClient, token: str) -> None:
    header, arrays = unpack(client.get(f"/stage/{token}/{run}/history?after=16").content)
    assert arrays["step"].tolist() == [17, 18, 19]
    assert arrays["before"].shape == (3, len(traces.PARAMETERS))
    assert all(step > 16 for step, _ in header["events"])


def test_frames_are_the_recorded_arrays_in_their_type(run: str, client: TestClient, token: str) -> None:
    url = f"/stage/{token}/{run}/frames?first=4&count=3&signals=hidden.1,forecast,nonsense"
    header, arrays = unpack(client.get(url).content)
    assert (header["first"], header["count"], header["missing"]) == (4, 3, {"hidden.1": [], "forecast": []})
    with Trace(runs.path(run)) as trace:
        for name in ("hidden.1", "forecast"):
            np.testing.assert_array_equal(arrays[name], trace.stack(name, [4, 5, 6]))
            assert arrays[name].dtype == trace.signals[name].dtype


def test_what_was_not_recorded_is_named(run: str, client: TestClient, token: str) -> None:
    connection = connect(runs.path(run), write=True)
    connection.execute("DELETE FROM arrays WHERE name = 'hidden.1' AND step = 5")
    connection.close()
    header, arrays = unpack(client.get(f"/stage/{token}/{run}/frames?first=4&count=3&signals=hidden.1").content)
    assert header["missing"] == {"hidden.1": [1]}
    assert arrays["hidden.1"].shape[0] == 2


def test_what_was_not_recorded_is_recomputed_and_what_cannot_be_says_why(tmp_path: Path) -> None:
    series = wave()
    path = kept(series, small(series, "lstm"), tmp_path)
    work(path)
    names = ["hidden.1", "provenance/cell.1", "nonsense"]
    header, arrays = unpack(stage_frames.frames(path, 4, 3, names, ask))
    assert header["missing"] == {"hidden.1": [], "provenance/cell.1": []}
    assert "nonsense" in header["refused"]["nonsense"]
    with Trace(path) as trace:
        np.testing.assert_array_equal(arrays["hidden.1"], trace.stack("hidden.1", [4, 5, 6]))
        np.testing.assert_allclose(  # provenance sums to the cell
            arrays["provenance/cell.1"].sum(axis=2), trace.stack("cell.1", [4, 5, 6]), atol=1e-6
        )
        there = look_at(trace, [4, 5, 6], 0, ["hidden.1"])["hidden.1"]
    _, elsewhere = unpack(stage_frames.frames(path, 4, 3, ["hidden.1"], ask, start=0))
    np.testing.assert_array_equal(elsewhere["hidden.1"], there)


def test_of_a_signal_that_is_cut_one_unit_comes(run: str, client: TestClient, token: str) -> None:
    asked = f"/stage/{token}/{run}/frames?first=4&count=3&signals=hidden.1"
    whole = unpack(client.get(asked).content)[1]["hidden.1"]
    cut = unpack(client.get(f"{asked}&cuts=1:hidden.1&unit=2").content)[1]["hidden.1"]
    np.testing.assert_array_equal(cut, whole[:, :, 2:3])
    assert client.get(f"{asked}&cuts=7:hidden.1").status_code == 422


def test_a_range_past_the_end_is_shorter(run: str, client: TestClient, token: str) -> None:
    header, arrays = unpack(client.get(f"/stage/{token}/{run}/frames?first=18&count=64&signals=hidden.1").content)
    assert header["count"] == len(arrays["hidden.1"]) == 2


def test_too_much_at_once_is_refused(run: str, client: TestClient, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage_frames, "LARGEST_CHUNK", 100)
    assert client.get(f"/stage/{token}/{run}/frames?first=0&count=9&signals=hidden.1").status_code == 422


@pytest.mark.parametrize("path", ["history", "frames?signals=hidden.1"])
def test_only_a_token_of_this_process_is_answered(run: str, client: TestClient, token: str, path: str) -> None:
    assert client.get(f"/stage/{'x' * 32}/{run}/{path}").status_code == 404
    assert client.get(f"/stage/{token}/{run}/{path}").status_code == 200


@pytest.mark.parametrize("run_id", ["..%2f..%2fetc", "0" * 16, "nonsense"])
def test_a_run_nobody_knows_is_not_found(run: str, client: TestClient, token: str, run_id: str) -> None:
    assert client.get(f"/stage/{token}/{run_id}/history").status_code == 404


def test_a_command_lies_in_the_run_file(run: str, client: TestClient, token: str) -> None:
    answer = client.post(f"/stage/{token}/{run}/command", json={"verb": "run to", "argument": 300})
    assert answer.status_code == 200
    connection = connect(runs.path(run), write=False)
    last = list(control.unread(connection, 0))[-1]
    connection.close()
    assert (last.id, last.verb, last.argument) == (answer.json()["id"], "run to", 300)


@pytest.mark.parametrize("body", [{"verb": "fly"}, {"verb": "step", "argument": "many"}, {}, [], "pause", 3])
def test_nonsense_is_answered_with_a_lesson(run: str, client: TestClient, token: str, body: object) -> None:
    answer = client.post(f"/stage/{token}/{run}/command", json=body)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_a_command_needs_a_token(run: str, client: TestClient) -> None:
    assert client.post(f"/stage/nobody/{run}/command", json={"verb": "stop"}).status_code == 404


def test_a_worker_that_is_gone_is_not_called_running(run: str, client: TestClient, token: str) -> None:
    recorder = Recorder(runs.path(run))
    recorder.status("running")
    recorder.close()
    header, _ = unpack(client.get(f"/stage/{token}/{run}/history").content)
    assert (header["state"], header["alive"]) == ("interrupted", False)
    stage_frames._seen_alive.clear()
    with control.lock(runs.path(run)):
        header, _ = unpack(client.get(f"/stage/{token}/{run}/history").content)
    assert (header["state"], header["alive"]) == ("running", True)


def test_a_damaged_file_is_answered_with_a_lesson(run: str, client: TestClient, token: str) -> None:
    runs.path(run).write_bytes(b"no run file")
    answer = client.get(f"/stage/{token}/{run}/history")
    assert answer.status_code == 422
    assert "could not be read" in answer.json()["message"]


def test_no_garbage_collection_stops_everything_after_each_script_run() -> None:
    assert streamlit.get_option("runner.postScriptGC") is False


def test_plotlys_parts_are_of_the_installed_version_and_hold_every_trace_that_a_view_draws(client: TestClient) -> None:
    answer = client.get("/stage/plotly.min.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    whole = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    version = re.search(rb"plotly.js v[0-9.]+", whole.read_bytes()[:200])
    assert version
    assert version[0] in answer.content[:200]
    named = re.findall(r"plotly.js/lib/(\w+)", (stage_routes.PLOTLY.parent / "entry.js").read_text("utf-8"))
    views = Path(dashboard.views.__file__).parent.glob("*.py")
    words = {word for file in views for word in re.findall(r"\b(?:go\.|add_)(\w+)\(", file.read_text("utf-8"))}
    kinds = {word.lower() for word in words if issubclass(getattr(go, word.capitalize(), str), BaseTraceType)}
    assert "heatmap" in kinds
    assert kinds <= {*named, "scatter"}


def test_the_oldest_tokens_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 2)
    monkeypatch.setattr(tokens, "_issued", type(tokens._issued)())
    first, second, third = tokens.issue(), tokens.issue(), tokens.issue()
    assert [tokens.known(one) for one in (first, second, third)] == [False, True, True]


def test_a_supposition_is_answered_and_nonsense_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: TestClient, token: str
) -> None:
    monkeypatch.setenv("UNROLLED_RUNS", str(tmp_path))
    monkeypatch.setattr(stage_routes, "_ask", ask)
    series = wave(60)
    path = kept(series, small(series, "rnn", {"updates": 2}, window=6), tmp_path)
    work(path)
    address, place = f"/stage/{token}/{path.stem}", "hidden.1[window=probe, 3, 1]"
    asked = {"step": 2, "supposed": json.dumps([[place, 0.5]])}
    header, arrays = unpack(client.get(f"{address}/suppose", params={**asked, "signals": "hidden.1,forecast"}).content)
    with Trace(path) as trace:
        recorded = trace.stack("hidden.1", [2])[0]
    np.testing.assert_allclose(arrays["hidden.1"][:3], recorded[:3], rtol=1e-5)
    assert arrays["hidden.1"][3, 1] == np.float32(0.5)
    assert header["forecast"][1] == pytest.approx(arrays["forecast"])
    said = client.get(f"{address}/explain", params={**asked, "place": place}).json()
    assert (said["operation"], said["result"]) == ("supposed", 0.5)
    assert said["was"] == pytest.approx(recorded[3, 1], rel=1e-4)
    assert said["replaceable"]
    for nonsense in ('{"a": 1}', "[[1]]", '[["loss", 1]]', '[["hidden.1[0, 0]", "no"]]', "{"):
        answer = client.get(f"{address}/suppose", params={"step": 2, "supposed": nonsense})
        assert (answer.status_code, bool(answer.json()["message"])) == (422, True)
