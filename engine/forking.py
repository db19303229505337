"""Fork: a new Run from an exact past with one setting, weight or value changed. Trains nothing: the worker goes on.

The new file holds what the parent recorded up to the fork; the update at the fork is its own, with what was changed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from engine.changing import Place, value_changes, weight_changes, with_values, with_weights
from engine.contract import models
from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.frame import Frame
from engine.nouns.run import Change, Run
from engine.nouns.runfile import Recorder, create, publish
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.replaying import MOVED, restore

KEPT = (
    "window", "horizon", "validation", "apart", "test", "transform", "difference", "seasonal_difference", "scaling",
    "anchor", "covariates", "known_ahead",
)  # fmt: skip


def fork(
    trace: Trace,
    step: int,
    settings: Mapping[str, JsonValue] | None = None,
    weights: Mapping[Place, float] | None = None,
    values: Mapping[int, float] | None = None,
) -> Path:
    """The file of a new run that shares the updates up to `step`, beside its parent's; the same fork has the same file.

    settings: of the model, or "seed" for another order of the windows; they hold from update step + 1 on. A changed
    optimiser begins with an empty memory. weights: other numbers in the weights after update `step`. values: other
    values of the series, in its unit; the scale stays that of the past. Raises Lesson where the past cannot carry it.
    """
    past = _past(trace, step)
    changes = (*weight_changes(trace, past, weights or {}), *value_changes(trace.series, values or {}))
    series = with_values(trace.series, values or {})
    run = _decided(trace, series, step, settings or {}, changes)
    path = trace.path.with_name(f"{run.id}.run")
    if not path.exists():
        frame = _begun(run, series, with_weights(trace, past, weights or {}))
        _publish(path, run, series, trace.path, frame)
    return path


def _past(trace: Trace, step: int) -> Frame:
    try:
        past = restore(trace, step)
    except KeyError:
        last = int(max(trace.steps, default=0))
        raise Lesson(
            f"Update {step} of this run was not recorded.",
            "A run can be forked at any update it has recorded.",
            f"Choose an update from 0 to {last}.",
        ) from None
    if past.state is None:
        raise Lesson(
            f"A {models()[trace.run.model].title} always starts its estimation anew.",
            "Only a model that goes on from update to update has a past to fork.",
            "Train a new run with the other decision instead.",
        )
    return past


def _decided(
    trace: Trace, series: Series, step: int, settings: Mapping[str, JsonValue], changes: tuple[Change, ...]
) -> Run:
    """The parent's decisions with the changed ones. Raises Lesson where the weights would no longer fit."""
    parent = trace.run
    kept = {name: getattr(parent, name) for name in KEPT}
    own = {name: value for name, value in settings.items() if name != "seed"}
    run = decide(
        series, parent.model, {**parent.settings, **own}, **kept, seed=settings.get("seed", parent.seed),
        parent=parent, forked_at=step, changed=changes,
    )  # fmt: skip
    description = models()[run.model].describe(run, series)
    if description.updates is not None and description.updates < step:
        raise Lesson(
            f"The fork asks for {description.updates} updates and begins after update {step}.",
            "A fork goes on from its past.",
            f"Choose at least {step} updates, or fork earlier.",
        )
    if description.parameters != trace.parameters:
        raise Lesson(
            f"With {', '.join(own)} changed the network has other weights than it had at update {step}.",
            "A fork goes on with the weights of its past.",
            "Change how it is trained, or train a new run.",
        )
    return run


def _begun(run: Run, series: Series, past: Frame) -> Frame:
    """The update at the fork as the new run has it: its effects, and the memory that its own optimiser expects."""
    model = models()[run.model]
    empty = next(model.fit(run, series)).state or {}
    memory = {name: (past.state or {}).get(name, start) for name, start in empty.items()}
    (frame,) = model.observe(run, series, [dataclasses.replace(past, state=memory)])
    return frame


def _publish(path: Path, run: Run, series: Series, parent: Path, frame: Frame) -> None:
    """Write the whole file aside and then give it its name: a fork without its past would train from the start."""
    draft = path.with_name(f".{path.name}.{time.time_ns()}.fork")
    described = models()[run.model].describe(run, series)
    create(draft, run, series, described.signals, **described.facts)
    try:
        recorder = Recorder(draft)
        _copy(recorder.connection, parent, frame.step)
        recorder.write([frame])
        recorder.log(f"forked from {parent.stem} at update {frame.step}")
        recorder.close()
        with contextlib.suppress(FileExistsError):  # another tab forked the same
            publish(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _copy(connection: sqlite3.Connection, parent: Path, step: int) -> None:
    """What the parent recorded before `step`, by one statement per table: no number passes through Python."""
    connection.execute("ATTACH ? AS parent", (f"{parent.resolve().as_uri()}?mode=ro",))
    connection.execute("BEGIN IMMEDIATE")
    later = f"(name GLOB '{MOVED}*' AND CAST(substr(name, {len(MOVED) + 1}) AS INTEGER) > ?)"
    connection.execute(f"INSERT OR IGNORE INTO facts SELECT * FROM parent.facts WHERE NOT {later}", (step,))
    for table in ("frames", "arrays", "states"):
        connection.execute(f"INSERT INTO {table} SELECT * FROM parent.{table} WHERE step < ?", (step,))
    connection.execute("COMMIT")
    connection.execute("DETACH parent")
