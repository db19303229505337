"""What every test stands on: runs in a folder of its own, one thread as in a worker, and kernels compiled before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from engine.kernels import path
from engine.training import device
from engine.training.network import untouched

settings.register_profile("suite", deadline=None, max_examples=25, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Else a run of one test could begin on the plain path and its twin, a moment later, on the compiled one."""
    path.make_ready()


@pytest.fixture(autouse=True)
def _own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("UNROLLED_DEVICE", "cpu")
    monkeypatch.setattr(device, "_tap", untouched)  # a worker within an earlier test may have chosen a path
