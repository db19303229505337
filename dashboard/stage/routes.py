"""The addresses of what the stage fetches and sends over HTTP. A route answers only to a token this process issued.

Knows neither signals nor figures.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.stage.frames import frames, history
from dashboard.stage.packing import pack
from engine import control, runs
from engine.errors import Lesson

PLOTLY = Path(__file__).parent / "bundle" / "plotly.min.js"
BINARY = {"Content-Encoding": "identity", "Cache-Control": "no-store"}  # else Streamlit compresses it again


def routes() -> list[BaseRoute]:
    """All of them, for `st.App(..., routes=routes())`."""
    return [
        Route("/stage/plotly.min.js", _plotly),
        Route("/stage/{token}/{run}/history", _history),
        Route("/stage/{token}/{run}/frames", _frames),
        Route("/stage/{token}/{run}/explain", _explain),
        Route("/stage/{token}/{run}/suppose", _suppose),
        Route("/stage/{token}/{run}/command", _command, methods=["POST"]),
    ]


async def _plotly(request: Request) -> Response:  # noqa: ARG001 - the signature of every route
    return FileResponse(PLOTLY, media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


async def _history(request: Request) -> Response:
    return await _answer(request, lambda path: history(path, _number(request, "after", -1)))


async def _frames(request: Request) -> Response:
    names = [name for name in request.query_params.get("signals", "").split(",") if name]
    first, count = _number(request, "first", 0), _number(request, "count", 1)
    start, unit = _number(request, "start", -1), _number(request, "unit", 0)

    def reply(path: Path) -> bytes:
        axes = [one.split(":", 1) for one in request.query_params.get("cuts", "").split(",") if one]
        cuts = {name: int(axis) for axis, name in axes}
        return frames(path, first, count, names, _ask, None if start < 0 else start, cuts, unit)

    return await _answer(request, reply)


async def _explain(request: Request) -> Response:
    step, start = _number(request, "step", 0), _number(request, "start", -1)
    place = request.query_params.get("place", "")
    more = {"step": step, "place": place, "start": None if start < 0 else start}
    return await _answer(
        request, lambda path: JSONResponse(_ask("explain", path, **more, supposed=_supposed(request))[0])
    )


async def _suppose(request: Request) -> Response:
    """What becomes of the signals of a window where some of its numbers are others."""
    step, start = _number(request, "step", 0), _number(request, "start", -1)
    names = [name for name in request.query_params.get("signals", "").split(",") if name]

    def reply(path: Path) -> Response:
        more = {"step": step, "start": None if start < 0 else start, "names": names}
        said, arrays = _ask("suppose", path, **more, supposed=_supposed(request))
        return Response(pack(said, arrays), media_type="application/octet-stream", headers=BINARY)

    return await _answer(request, reply)


def _supposed(request: Request) -> list[tuple[str, float]]:
    """[place, number] of each number that shall be another. Raises ValueError for what is no such list."""
    found = json.loads(request.query_params.get("supposed", "[]"))
    if not isinstance(found, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in found):
        raise ValueError("What is supposed is a list of places, each with a number.")
    return [(str(place), float(number)) for place, number in found]


def _ask(question: str, path: Path, **more: Any) -> Any:
    from dashboard import session  # at each request, as `tokens` below

    return session.nursery().ask(question, path, **more)


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
