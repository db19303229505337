"""The process of one comparison: `python -m engine.comparing FOLDER compare`. Shows nothing; writes what happens.

It is started by the page and outlives it; it ends when it is done or asked to. Whoever starts it must not load torch or
statsmodels, so nothing here does: the forecasters load them, in the processes of the grid.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from filelock import Timeout

from engine.comparing import leaking, many
from engine.comparing.grids import Event
from engine.comparing.keeping import Kept, Kind
from engine.comparing.plan import Cell, keys
from engine.comparing.running import events, run, together
from engine.forecasting import needs

ROOT = Path(__file__).resolve().parents[2]
POISONED = 5
"""Origins whose future is poisoned, spread over those of the comparison: three fits each, and a leak shows at one."""


def start(kept: Kept, kind: Kind, scheduler: str | None = None) -> None:
    """Have a process work on it; where one already does, nothing happens."""
    if kept.alive():
        return
    todo, titles = _todo(kept, kind)
    kept.begin(kind, titles, {key: one.model for key, one in todo.items()})
    launch(kept, "engine.comparing", kind, scheduler or "")


def launch(kept: Kept, module: str, *arguments: str) -> None:
    """A process that works in the folder and outlives this one: `python -m module FOLDER arguments`."""
    command = [sys.executable, "-m", module, str(kept.folder.resolve()), *arguments]
    with (kept.folder / "said.txt").open("ab") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                   start_new_session=True)  # fmt: skip
    _children[:] = [child for child in _children if child.poll() is None]  # asking reaps the dead
    _children.append(process)


_children: list[subprocess.Popen[bytes]] = []


def work(kept: Kept, kind: Kind, scheduler: str | None = None, workers: int | None = None) -> None:
    """Do what is left to do, write what happens, until it is done or cancelled."""
    try:
        with kept.lock().acquire(timeout=0):
            for event in _happening(kept, kind, scheduler, workers):
                kept.write(kind, event)
    except Timeout:
        return


def _todo(kept: Kept, kind: Kind) -> tuple[dict[str, Cell], dict[str, str]]:
    """The cells by key, and what each is called."""
    if kind == "many":
        return many.tasks(kept)
    todo = _cells(kept, kind)
    return todo, {key: one.title for key, one in todo.items()}


def _cells(kept: Kept, kind: Kind) -> dict[str, Cell]:
    plan = kept.plan
    if kind == "leaks":
        few = plan.origins[:: max(1, len(plan.origins) // POISONED)][:POISONED]
        plan = plan.model_copy(update={"refit": 1, "seeds": 1, "origins": few})
    return keys(kept.series, plan)


def _happening(kept: Kept, kind: Kind, scheduler: str | None, workers: int | None) -> Iterator[Event]:
    if kind == "compare":
        return run(kept.series, kept.plan, workers, scheduler, kept.cancelled)
    if kind == "many":
        return together(many.asked(kept), workers, scheduler, kept.cancelled)
    todo = _cells(kept, kind)
    tasks, imported = (
        {key: (kept.series, cell) for key, cell in todo.items()},
        needs({k: c.model for k, c in todo.items()}),
    )
    return events(tasks, leaking.holds, workers, scheduler, kept.cancelled, imported)
