"""What the stage fetches over HTTP: histories and frames of a run file, and commands to its worker.

A route answers only to a token this process issued. Draws nothing.
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import plotly
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.stage.packing import pack
from engine import control, runs
from engine.errors import Lesson
from engine.nouns.trace import Trace

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
HISTORIES = ("step", "epoch", "loss", "validation", "learning_rate", "norm", "scale")
WORKING = ("waiting", "running", "paused")
LARGEST_CHUNK = 64 * 2**20  # bytes of one answer
BINARY = {"Content-Encoding": "identity", "Cache-Control": "no-store"}  # else Streamlit compresses it again
ALIVE_FOR = 0.5  # seconds one look at a worker's lock is believed: looking holds the lock for a moment

_seen_alive: dict[Path, tuple[float, bool]] = {}


def routes() -> list[BaseRoute]:
    """All of them, for `st.App(..., routes=routes())`."""
    return [
        Route("/stage/plotly.min.js", _plotly),
        Route("/stage/{token}/{run}/history", _history),
        Route("/stage/{token}/{run}/frames", _frames),
        Route("/stage/{token}/{run}/command", _command, methods=["POST"]),
    ]


async def _plotly(request: Request) -> Response:  # noqa: ARG001 - the signature of every route
    return FileResponse(PLOTLY, media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


async def _history(request: Request) -> Response:
    return await _answer(request, lambda path: history(path, _number(request, "after", -1)))


async def _frames(request: Request) -> Response:
    names = [name for name in request.query_params.get("signals", "").split(",") if name]
    first, count = _number(request, "first", 0), _number(request, "count", 1)
    return await _answer(request, lambda path: frames(path, first, count, names))


async def _command(request: Request) -> Response:
    body = await request.body()

    def send(path: Path) -> Response:
        asked = json.loads(body)
        if not isinstance(asked, dict):
            raise ValueError("A command has a verb and an argument.")
        argument = asked.get("argument")
        if argument is not None and not isinstance(argument, dict):  # a condition to break at
            argument = int(argument)
        verb = str(asked.get("verb"))
        number = control.send(path, verb, argument)
        if verb in control.MOVING and not control.alive(path):
            from dashboard import session  # at each request, as `tokens` below

            session.nursery().start(path)
        return JSONResponse({"id": number})

    return await _answer(request, send)


async def _answer(request: Request, ask: Any) -> Response:
    """What `ask` says of the run's file; 404 for a token or a run nobody knows, 422 with the lesson for the rest."""
    # Looked up at each request: Streamlit imports changed modules anew, and this closure would keep the old registry.
    from dashboard import tokens

    try:
        path = runs.path(request.path_params["run"])
    except Lesson as lesson:
        return JSONResponse({"message": str(lesson)}, 404)
    if not tokens.known(request.path_params["token"]) or not path.exists():
        return JSONResponse({"message": "This page was left alone for too long. Reload it."}, 404)
    try:
        answer = await run_in_threadpool(ask, path)
    except (ValueError, TypeError, OverflowError) as error:
        return JSONResponse({"message": str(error)}, 422)
    if isinstance(answer, Response):
        return answer
    return Response(answer, media_type="application/octet-stream", headers=BINARY)


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else default


def history(path: Path, after: int) -> bytes:
    """One number per update later than `after`, with the run's state and what its frames hold."""
    with Trace(path) as trace:
        steps = trace.history("step", after)
        # The worker may write between two queries: all columns are cut to what the first one saw.
        arrays = {name: trace.history(name, after)[: len(steps)] for name in HISTORIES}
        arrays["before"] = trace.history("before", after)[: len(steps)]
        last = steps[-1] if len(steps) else -1
        header = {
            "parameters": list(trace.parameters),
            "events": [event for event in trace.events(after) if event[0] <= last],
            "signals": {s.name: {"shape": s.shape, "dtype": s.dtype} for s in trace.signals.values()},
            "updates": trace.facts.get("updates"),
            "measured": trace.facts.get("measured"),
            **_state(trace, path),
        }
    return pack(header, arrays)


def _state(trace: Trace, path: Path) -> dict[str, Any]:
    """What the worker says of itself; where it says it works and is not there, the run was interrupted."""
    status = trace.status
    working = status.state in WORKING and alive(path)
    lost = status.state in WORKING and not working
    return {"state": "interrupted" if lost else status.state, "message": status.message, "alive": working}


def alive(path: Path) -> bool:
    """Whether a worker is on the run, asked at most every `ALIVE_FOR` seconds however many look."""
    now = time.monotonic()
    at, was = _seen_alive.get(path, (-ALIVE_FOR, False))
    if now - at >= ALIVE_FOR:
        was = control.alive(path)
        _seen_alive[path] = (now, was)
    return was


def frames(path: Path, first: int, count: int, names: list[str]) -> bytes:
    """Recorded arrays of `count` updates from position `first`: per signal (recorded, *shape), and who is missing."""
    with Trace(path) as trace:
        steps = trace.steps[max(0, first) : max(0, first) + max(0, count)]
        signals = trace.signals
        names = [name for name in names if name in signals]
        size = sum(np.dtype(signals[n].dtype).itemsize * int(np.prod(signals[n].shape)) for n in names)
        if size * len(steps) > LARGEST_CHUNK:
            raise ValueError(f"{len(steps)} updates of these signals are more than {LARGEST_CHUNK} bytes.")
        arrays, missing = {}, {}
        for name in names:
            there = np.isin(steps, trace.recorded(name, steps)) if len(steps) else np.zeros(0, bool)
            arrays[name] = trace.stack(name, steps[there])
            missing[name] = np.flatnonzero(~there).tolist()
    return pack({"first": first, "count": len(steps), "missing": missing}, arrays)
