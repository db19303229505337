"""Trace: a run file opened for reading. It grows while training goes on; what it has shown never changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.nouns.damage import readable
from engine.nouns.frame import LARGEST_SIGNAL, Array, Frame, Signal
from engine.nouns.run import Run
from engine.nouns.runfile import FORMAT, connect
from engine.nouns.series import Series

STATES = ("new", "waiting", "running", "paused", "finished", "stopped", "interrupted", "failed")
COLUMNS = ("step", "epoch", "loss", "validation", "learning_rate", "norm", "scale")
_AT_STEPS = "FROM arrays WHERE name = ? AND step IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True)
class Status:
    """What the worker last said of itself: one of STATES."""

    state: str
    message: str
    at: float


class Trace:
    """Everything recorded of one run, by step, by name, or as history.

    Raises Lesson when the file is not a run file, or not one this version can read.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._open()

    @property
    def file(self) -> str:
        """The file's name, for what is said of it."""
        return self.path.name

    @readable
    def _open(self) -> None:
        self._connection = connect(self.path, write=False)
        try:
            self._read_head()
        except KeyError as error:
            raise ValueError(f"it does not say its {error}") from error

    def _read_head(self) -> None:
        rows = self._connection.execute("SELECT name, json FROM facts").fetchall()
        self.facts: dict[str, Any] = {name: json.loads(text) for name, text in rows}
        if self.facts["format"] != FORMAT:
            raise ValueError(f"it has format {self.facts['format']}, this version reads {FORMAT}")
        self.run = Run.model_validate(self.facts["run"])

    @cached_property
    @readable
    def series(self) -> Series:
        """The series the run was decided for, as it was then."""
        stamps, *numbers = self._connection.execute("SELECT stamps, numbers, covariates FROM series").fetchone()
        return Series.restore(self.facts["series"], np.frombuffer(stamps, np.int64), *map(np.frombuffer, numbers))

    @property
    @readable
    def values(self) -> int:
        """How many values the series has; for that it need not be read."""
        return int(self._connection.execute("SELECT length(numbers) FROM series").fetchone()[0]) // 8

    @property
    @readable
    def signals(self) -> dict[str, Signal]:
        """What the frames hold, by name; empty until the worker has said so."""
        rows = self._connection.execute("SELECT name, axes, shape, dtype FROM signals").fetchall()
        found = {n: Signal(n, tuple(json.loads(a)), tuple(json.loads(s)), d) for n, a, s, d in rows}
        for signal in found.values():
            if signal.dtype not in ("float32", "float64") or not 0 <= signal.bytes <= LARGEST_SIGNAL:
                raise Lesson(
                    f"The run file says its signal “{signal.name}” has shape {signal.shape}, type {signal.dtype}.",
                    "Recorded signals are float32 or float64 and at most 64 MB each.",
                    "The file is damaged or was not written by Unrolled; train the model again.",
                )
        return found

    @property
    @readable
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """The shape of each parameter, in the order of the flat "weights" signal and of the norms."""
        row = self._connection.execute("SELECT json FROM facts WHERE name = 'parameters'").fetchone()
        return {name: tuple(shape) for name, shape in json.loads(row[0]).items()} if row else {}

    @property
    @readable
    def steps(self) -> NDArray[np.int64]:
        """The recorded updates, ascending."""
        return self._column("SELECT step FROM frames ORDER BY step", np.int64)

    @readable
    def steps_from(self, position: int, count: int) -> NDArray[np.int64]:
        """At most `count` of `steps`, from that position on; however many there are, only these are read."""
        return self._column("SELECT step FROM frames ORDER BY step LIMIT ? OFFSET ?", np.int64, (count, position))

    @readable
    def history(self, name: str, after: int = -1) -> NDArray[np.float64]:
        """One number per recorded update later than `after`: loss, validation, norm, scale, learning_rate, epoch.

        "before" and "after" give (updates, parameters): the gradient's norms before and after clipping.
        NaN where it was not measured at that update.
        """
        if name in ("before", "after"):
            query = f"SELECT {name} FROM frames WHERE step > ? ORDER BY step"
            rows = [np.frombuffer(row[0]) for row in self._connection.execute(query, (after,))]
            none = np.full(len(self.parameters), np.nan)  # step 0 has no gradient
            return np.reshape([row if len(row) else none for row in rows], (len(rows), len(none)))
        if name not in COLUMNS:
            raise KeyError(name)
        return self._column(f"SELECT {name} FROM frames WHERE step > {int(after)} ORDER BY step", np.float64)

    def _column(self, query: str, dtype: type, values: tuple[Any, ...] = ()) -> NDArray[Any]:
        rows = self._connection.execute(query, values).fetchall()
        return np.array([row[0] if row[0] is not None else np.nan for row in rows], dtype=dtype)

    @readable
    def events(self, after: int = -1) -> list[tuple[int, str]]:
        """What happened at which update: "clipped", "best validation", "not a number"."""
        query = "SELECT step, events FROM frames WHERE step > ? AND events != '[]' ORDER BY step"
        return [(step, e) for step, text in self._connection.execute(query, (after,)) for e in json.loads(text)]

    @readable
    def stack(self, name: str, steps: Sequence[int] | NDArray[np.int64]) -> Array:
        """One signal at several updates: (len(steps), *shape). KeyError where it was not recorded."""
        signal = self.signals[name]
        found = np.empty((len(steps), *signal.shape), signal.dtype)
        rows = dict(self._connection.execute(f"SELECT step, data {_AT_STEPS}", (name, _as_json(steps))))
        for position, step in enumerate(steps):
            if int(step) not in rows:
                raise KeyError(f"{name} at update {step} was not recorded")
            found[position] = np.frombuffer(rows[int(step)], signal.dtype).reshape(signal.shape)
        return found

    @readable
    def recorded(self, name: str, steps: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of `steps` at which the signal was recorded, ascending."""
        return self._column(f"SELECT step {_AT_STEPS} ORDER BY step", np.int64, (name, _as_json(steps)))

    @readable
    def frame(self, step: int) -> Frame:
        """One recorded update, whole. KeyError where there is none."""
        row = self._connection.execute("SELECT * FROM frames WHERE step = ?", (step,)).fetchone()
        if row is None:
            raise KeyError(f"update {step} was not recorded")
        numbers = [float("nan") if value is None else value for value in row[2:7]]
        before, after = (dict(zip(self.parameters, np.frombuffer(blob).tolist(), strict=False)) for blob in row[7:9])
        signals = {n: s for n, s in self.signals.items() if self._has(n, step)}
        loss, validation, learning_rate, norm, scale = numbers
        return Frame(
            row[0], row[1], loss, validation, learning_rate, before, after, norm, scale,
            {name: self.stack(name, [step])[0] for name in signals}, tuple(json.loads(row[9])), self.state(step),
        )  # fmt: skip

    def _has(self, name: str, step: int) -> bool:
        query = "SELECT 1 FROM arrays WHERE name = ? AND step = ?"
        return self._connection.execute(query, (name, step)).fetchone() is not None

    @readable
    def state(self, step: int) -> dict[str, NDArray[np.generic]] | None:
        """The optimiser's state after that update; None where it is no keyframe."""
        rows: Iterable[tuple[str, str, str, bytes]] = self._connection.execute(
            "SELECT name, dtype, shape, data FROM states WHERE step = ?", (step,)
        )
        found = {n: np.frombuffer(data, dtype).reshape(json.loads(shape)) for n, dtype, shape, data in rows}
        return found or None

    @readable
    def keyframe(self, step: int) -> int | None:
        """The last update at or before `step` whose optimiser state is kept; None where there is none."""
        found = self._connection.execute("SELECT max(step) FROM states WHERE step <= ?", (step,)).fetchone()[0]
        return None if found is None else int(found)

    @property
    @readable
    def status(self) -> Status:
        """What the worker last said of itself."""
        return Status(*self._connection.execute("SELECT state, message, at FROM status").fetchone())

    @property
    @readable
    def log(self) -> list[tuple[float, str]]:
        """Everything the worker said, with the time."""
        return self._connection.execute("SELECT at, text FROM log ORDER BY id").fetchall()

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _as_json(steps: Sequence[int] | NDArray[np.int64]) -> str:
    return json.dumps([int(step) for step in steps])
