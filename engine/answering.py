"""Answers what a page asks of recorded runs and cannot compute itself, because it never loads torch.

A process that stays (the nursery forks it warm): one request is one JSON text, one answer a JSON text and arrays.
Nothing here is pickled, and nothing is written into a run file but a fork's own. Knows no page.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import time
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from multiprocessing import connection
from typing import Any

import numpy as np

from engine.deciding import decide
from engine.ending import end_with_the_parent
from engine.errors import Lesson
from engine.nouns.frame import Array
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.strategies.questions import QUESTIONS, Said


def answer(request: Mapping[str, Any]) -> Said:
    """The answer to {"ask": ..., "path": ..., ...} about a run, or to {"ask": "describe", ...} about a series.

    Raises Lesson for what cannot be answered.
    """
    kind = request.get("ask")
    if kind == "describe":  # of a series that no run was decided for yet
        from engine.describing.asking import describe

        return describe(request)
    if kind not in ANSWERS:
        raise Lesson(f"“{kind}” is no question.", f"One can ask {', '.join(ANSWERS)}.", "Ask one of these.")
    with Trace(request["path"]) as trace:
        return ANSWERS[kind](trace, request)


def _look(trace: Trace, request: Mapping[str, Any]) -> Said:
    """steps, start (of the window), names -> the arrays."""
    from engine.looking import look_at

    return None, look_at(trace, request["steps"], request["start"], request["names"])


def _offered(trace: Trace, request: Mapping[str, Any]) -> Said:  # noqa: ARG001
    """-> what can be looked at: name, axes and shape of each."""
    from engine.looking import offered

    return [{"name": s.name, "axes": s.axes, "shape": s.shape, "dtype": s.dtype} for s in offered(trace).values()], {}


def _promise(trace: Trace, request: Mapping[str, Any]) -> Said:
    """step (or none) -> why a replay here may not be exact, and how far off the replay of that update is."""
    from engine.replaying import difference, promise

    step = request.get("step")
    return {"promise": promise(trace), "difference": None if step is None else difference(trace, step)}, {}


def _sub_steps(trace: Trace, request: Mapping[str, Any]) -> Said:
    """step -> loss and scale, and what else forward, backward, clip and update left behind."""
    from engine.replaying import sub_steps

    parts = dataclasses.asdict(sub_steps(trace, request["step"]))
    state = {f"state/{name}": memory for name, memory in parts.pop("state").items()}
    numbers = {name: parts.pop(name) for name in ("loss", "scale")}
    return numbers, {**parts, **state}


def _fork(trace: Trace, request: Mapping[str, Any]) -> Said:
    """step, settings, weights as [name, index, value], values as [index, value] -> the id of the new run."""
    from engine.forking import fork

    weights = {(name, tuple(index)): value for name, index, value in request.get("weights", ())}
    values = dict(request.get("values", ()))
    return fork(trace, request["step"], request.get("settings", {}), weights, values).stem, {}


def _numbers(trace: Trace, request: Mapping[str, Any]) -> Said:
    """step, sub-step, probe -> the arrays that can be explained, and where in the series each of their windows begins.

    probe: as the probe window passes through the model; else as the batch did that the update learned from.
    """
    from engine.explaining.asking import moment

    of = moment(_kept(trace), request["step"])
    found = of.numbers(request["substep"], probe=request["probe"])
    return [one._asdict() for one in found], {
        "starts": np.array([of.start] if request["probe"] else of.starts, np.int64)
    }


def _explain(trace: Trace, request: Mapping[str, Any]) -> Said:
    """step, place, start (of the window, or none), supposed -> the number and how it came about.

    supposed: [place, number] of what shall be another; "was" is then what the number is without.
    """
    from engine.explaining.asking import as_json, explain, replaceable
    from engine.nouns.explanation import Place

    of, step, start, place = _kept(trace), request["step"], request.get("start"), Place.parse(request["place"])
    supposed = [(where, float(number)) for where, number in request.get("supposed", ())]
    found = explain(of, step, place, start, supposed)
    said = as_json(found, replaceable(of, step, found, start))
    with contextlib.suppress(Lesson):  # what stands behind a replaced number has a name only there
        said |= {"was": as_json(explain(of, step, place, start))["result"]} if supposed else {}
    return said, {}


def _suppose(trace: Trace, request: Mapping[str, Any]) -> Said:
    """step, start, supposed as above, names (of signals) -> what it changes; the window's arrays under it."""
    from engine.explaining.asking import what_if

    supposed = [(where, float(number)) for where, number in request["supposed"]]
    said, arrays = what_if(_kept(trace), request["step"], request.get("start"), supposed, request["names"])
    return said, arrays


@lru_cache(maxsize=4)
def _open(path: str, inode: int) -> Trace:  # noqa: ARG001 - a file put in another's place is another
    return Trace(path)


def _kept(trace: Trace) -> Trace:
    """The same trace, open from one question to the next: what was made of it is then still there."""
    return _open(str(trace.path), trace.path.stat().st_ino)


ANSWERS: dict[str, Callable[[Trace, Mapping[str, Any]], Said]] = {
    "look": _look,
    "offered": _offered,
    "sub-steps": _sub_steps,
    "promise": _promise,
    "fork": _fork,
    "numbers": _numbers,
    "explain": _explain,
    "suppose": _suppose,
    **QUESTIONS,
}


def serve(address: str) -> None:
    """Answer at `address` until the nursery is gone; who asks twice at once waits for the first answer."""
    from engine.training import device

    end_with_the_parent()
    device.settle()
    _warm()
    with connection.Listener(address) as listener:
        while True:
            with contextlib.suppress(OSError, EOFError), listener.accept() as asker:
                _reply(asker, asker.recv_bytes())


def _warm() -> None:
    """Look once at nothing: a first look loads half a second of torch that the first person need not wait for."""
    import pandas as pd

    from engine.contract import models

    series = Series("nothing", pd.date_range("2000-01-01", periods=40), np.sin(np.arange(40.0)))
    for model in ("rnn", "lstm", "cnn"):
        run = decide(series, model, {"hidden": 1}, window=2, horizon=1, validation=1)
        lens, count = models()[model].lens, models()[model].describe(run, series).signals[0].shape[0]
        names = [*lens.taps(run), "gradient/preactivation.1", "triangle/preactivation.1", "sensitivity"] if lens else []
        if lens:
            lens.look(run, series, np.zeros((1, count), np.float32), 0, names)


def _reply(asker: connection.Connection[Any, Any], written: bytes) -> None:
    said: dict[str, Any] = {}
    arrays: Mapping[str, Array] = {}
    try:
        said["answer"], arrays = answer(json.loads(written))
    except Lesson as lesson:
        said["lesson"] = [lesson.happened, lesson.expected, lesson.mend]
    except Exception as error:  # noqa: BLE001 - nobody else is there to tell the person
        said["error"] = "".join(traceback.format_exception(error))
    packed = io.BytesIO()
    np.savez(packed, **arrays)  # type: ignore[arg-type]
    asker.send_bytes(json.dumps(said).encode())
    asker.send_bytes(packed.getbuffer())


def ask(address: str, request: Mapping[str, Any], patience: float) -> Said:
    """What the process at `address` answers, waited for `patience` seconds. Raises its Lesson, or one of its own."""
    end = time.monotonic() + patience
    with _connected(address, end) as server:
        server.send_bytes(json.dumps(request, default=str).encode())
        if not server.poll(max(0.0, end - time.monotonic())):
            raise Lesson(
                f"There was no answer within {patience:g} seconds.",
                "A question about a few updates is answered at once.",
                "Ask about fewer updates, or again when fewer runs are training.",
            )
        said, packed = json.loads(server.recv_bytes()), server.recv_bytes()
    if "lesson" in said:
        raise Lesson(*said["lesson"])
    if "error" in said:
        raise RuntimeError(said["error"])
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return said["answer"], dict(arrays)


def _connected(address: str, end: float) -> connection.Connection[Any, Any]:
    """A connection, tried again while the process is being born. Raises OSError where it is dead."""
    refused = 0
    while True:
        try:
            return connection.Client(address)
        except FileNotFoundError:
            if time.monotonic() > end:
                raise
        except ConnectionRefusedError:  # between its birth and its first listening, or after its death
            refused += 1
            if refused > 20:
                raise
        time.sleep(0.02)
