"""What every test stands on: runs in a folder of its own, one thread as in a worker, and kernels compiled before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from engine.kernels import path
from engine.training import device
from engine.training.network import untouched

# "suite": the same examples at every run, so that a red test is the change's own and comes again. "search": other
# examples at every run, to find what nobody thought of: pytest --hypothesis-profile search.
UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large]  # how fast examples come is the machine's affair
settings.register_profile(
    "suite", deadline=None, derandomize=True, max_examples=25, print_blob=True, suppress_health_check=UNHURRIED
)
settings.register_profile("search", settings.get_profile("suite"), derandomize=False, max_examples=100)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Else a run of one test could begin on the plain path and its twin, a moment later, on the compiled one."""
    path.make_ready()


@pytest.fixture(autouse=True)
def _own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("UNROLLED_DEVICE", "cpu")
    monkeypatch.setattr(device, "_path", "plain")
    monkeypatch.setattr(device, "_tap", untouched)  # a worker within an earlier test may have chosen a path
