"""Where run files lie: one folder, one file per run, named by the run's id. Knows nothing of what is in them."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from engine.contract import models
from engine.errors import Lesson
from engine.nouns.run import Run
from engine.nouns.runfile import create
from engine.nouns.series import Series

ID = re.compile(r"[0-9a-f]{16}")


def folder() -> Path:
    """The runs folder: UNROLLED_RUNS where that is set, else runs/ beside the engine; made when absent."""
    chosen = os.environ.get("UNROLLED_RUNS")
    path = Path(chosen) if chosen else Path(__file__).resolve().parent.parent / "runs"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path(run_id: str) -> Path:
    """The run file of that id, there or not. Raises Lesson for what is no id: ids come from URLs."""
    if not ID.fullmatch(run_id):
        raise Lesson(f"“{run_id}” is no run id.", "An id has 16 hexadecimal digits.", "Choose a run from the list.")
    return folder() / f"{run_id}.run"


def keep(run: Run, series: Series) -> Path:
    """The run's file, made if it is not there yet: the same Run has the same file."""
    where = path(run.id)
    if not where.exists():
        described = models()[run.model].describe(run, series)
        with contextlib.suppress(FileExistsError):  # another tab was quicker
            create(where, run, series, described.signals, **described.facts)
    return where


def known() -> list[Path]:
    """All run files, the one last written to first."""
    return sorted(folder().glob("*.run"), key=written, reverse=True)


def written(path: Path) -> int:
    """When the run file or its log beside it was last written to, in nanoseconds since 1970."""
    times = []
    for file in (path, path.with_name(path.name + "-wal")):
        with contextlib.suppress(FileNotFoundError):  # the log is folded into the file when a run ends
            times.append(file.stat().st_mtime_ns)
    return max(times, default=0)
