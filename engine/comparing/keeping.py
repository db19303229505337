"""A comparison's folder: its plan, its series, and what happened so far. The page reads it while a process writes it.

Numbers are in the cells, which all comparisons share; here it says which ones, and how far it is.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from filelock import FileLock
from pydantic import ValidationError

from engine import control, runs
from engine.comparing.grids import Event
from engine.comparing.lasting import Left, left
from engine.comparing.plan import Plan
from engine.errors import Lesson
from engine.nouns.series import Series

Kind = Literal["compare", "leaks", "book", "many"]
BIRTH = 15.0  # seconds that a process may take to begin


@dataclass(frozen=True)
class Progress:
    """How far it is. titles: of every task by key. failed: titles and why. left: where anything took time.

    at: when anything was last heard of it, in seconds since 1970.
    """

    titles: dict[str, str]
    total: int
    done: int
    running: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    cancelled: bool
    left: Left | None
    results: dict[str, Any]
    at: float

    @property
    def over(self) -> bool:
        """Whether every task has ended, however."""
        return self.done + len(self.failed) >= self.total


@dataclass(frozen=True)
class Kept:
    """One comparison, by its folder."""

    folder: Path

    @property
    def plan(self) -> Plan:
        """What was decided. Raises Lesson where there is none."""
        try:
            return Plan.model_validate_json((self.folder / "plan.json").read_text())
        except (OSError, ValidationError) as error:
            raise Lesson(
                "That comparison is not here.", "Comparisons are kept beside the runs.", "Start it again."
            ) from error

    @property
    def series(self) -> Series:
        """The series it is made on."""
        with np.load(self.folder / "series.npz", allow_pickle=False) as arrays:
            head = json.loads(str(arrays["head"]))
            return Series.restore(head, arrays["stamps"], arrays["values"], arrays["covariates"])

    def lock(self) -> FileLock:
        """Held by the process that works on it."""
        return control.lock(self.folder / "plan.json")

    def alive(self) -> bool:
        """Whether a process works on it now."""
        return control.alive(self.folder / "plan.json")

    def cancel(self) -> None:
        """Ask the process to end; it looks ten times a second."""
        (self.folder / "cancel").touch()

    def cancelled(self) -> bool:
        """Whether it was asked to end."""
        return (self.folder / "cancel").exists()

    def begin(self, kind: Kind, titles: Mapping[str, str], kinds: Mapping[str, str] | None = None) -> None:
        """A new log: what there is to do, by key. kinds: tasks of the same take about the same time."""
        (self.folder / "cancel").unlink(missing_ok=True)
        head = {"titles": titles, "kinds": kinds or {}, "at": time.time()}
        self._log(kind).write_text(json.dumps(head) + "\n")

    def write(self, kind: Kind, event: Event) -> None:
        """What happened, as one line; of results, only what JSON can say."""
        said = event.result if isinstance(event.result, bool | float | str) else None
        line = {"state": event.state, "key": event.key, "message": event.message, "seconds": event.seconds}
        line |= {"parts": event.parts} if event.parts else {}
        with self._log(kind).open("a") as log:
            log.write(json.dumps({**line, "result": said, "at": time.time()}) + "\n")

    def progress(self, kind: Kind) -> Progress | None:
        """How far it is, or None where it was never begun."""
        lines = list(self._lines(kind))
        if not lines or "titles" not in lines[0]:
            return None
        titles, state = lines[0]["titles"], {line["key"]: line for line in lines[1:] if line["state"] != "part"}
        parts = {line["key"]: line["parts"] for line in lines[1:] if line["state"] == "part"}
        counted = Counter(line["state"] for line in state.values())
        by_state = defaultdict[str, list[str]](list)
        for key, line in state.items():
            by_state[line["state"]].append(key)
        return Progress(
            titles,
            len(titles),
            counted["done"],
            tuple(_named(titles.get(key, key), parts.get(key)) for key in by_state["started"]),
            tuple((titles.get(key, key), state[key]["message"]) for key in by_state["failed"]),
            counted["cancelled"] > 0,
            self._left(lines[0], state, parts),
            {key: state[key]["result"] for key in by_state["done"]},
            lines[-1]["at"],
        )

    def _left(
        self, head: dict[str, Any], state: Mapping[str, dict[str, Any]], parts: Mapping[str, tuple[int, int]]
    ) -> Left | None:
        kinds, now = {key: head.get("kinds", {}).get(key, "") for key in head["titles"]}, time.time()
        took = {key: line["seconds"] for key, line in state.items() if line["state"] == "done" and line["seconds"]}
        begun = {key: now - line["at"] for key, line in state.items() if line["state"] == "started"}
        waiting = [key for key in kinds if key not in state or state[key]["state"] == "cancelled"]
        return left(kinds, took, begun, waiting, {key: parts[key][0] / parts[key][1] for key in begun if key in parts})

    def under_way(self, kind: Kind) -> bool:
        """Whether a process is on it, or about to be."""
        progress = self.progress(kind)
        if progress is None or progress.over or progress.cancelled:
            return False
        born = progress.done or progress.failed or progress.running
        return self.alive() or (not born and time.time() - progress.at < BIRTH)

    def _log(self, kind: Kind) -> Path:
        return self.folder / f"{kind}.jsonl"

    def _lines(self, kind: Kind) -> Iterator[dict[str, Any]]:
        """The whole lines; the last one may still be being written."""
        try:
            written = self._log(kind).read_text().split("\n")[:-1]
        except OSError:
            return
        for line in written:
            yield json.loads(line)


def _named(title: str, parts: Sequence[int] | None) -> str:
    return f"{title}: {parts[0]} of {parts[1]} parts done" if parts else title


def comparison(plan_id: str) -> Kept:
    """The comparison of that id, there or not. Raises Lesson for what is no id: ids come from URLs."""
    return Kept(runs.folder() / "comparisons" / runs.path(plan_id).stem)


def keep(series: Series, plan: Plan) -> Kept:
    """The comparison's folder, made if it is not there yet."""
    kept = comparison(plan.id)
    lay_out(kept, series, plan.model_dump_json())
    return kept


def lay_out(kept: Kept, series: Series, decided: str) -> None:
    """Makes the folder with a series and what was decided, as JSON, if it is not there yet."""
    if not (kept.folder / "plan.json").exists():
        kept.folder.mkdir(parents=True, exist_ok=True)
        head, beside = np.array(json.dumps(series.head())), series.covariates.values
        np.savez(
            kept.folder / "series.npz", head=head, stamps=series.stamps, values=series.values, covariates=beside.ravel()
        )
        (kept.folder / "plan.json").write_text(decided)
