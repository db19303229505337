"""Mounts the stage: one clock and its linked panels, in the browser. Knows no view and reads no run file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.scenes import in_file
from dashboard.views.contract import Picture, Scene, parts
from dashboard.views.numbers import Number
from dashboard.views.palette import EVENTS, INK, INKED, SCALES
from dashboard.views.words import stamps, title

HERE = Path(__file__).parent
MODULES = (
    *("bytes", "record", "chunks", "sources", "bindings", "theme", "overlay", "clicks", "alternative", "plot", "panel"),
    *("clock", "keys", "transport", "inner", "card", "readout", "worker", "polling", "stage"),
)
"""In the order in which they are joined to one module: a browser without a build step, and no further requests."""


def source() -> str:
    """The stage's JavaScript as one module."""
    return "\n".join((HERE / "js" / f"{name}.js").read_text("utf-8") for name in MODULES)


_mount = st.components.v2.component(
    "unrolled.stage", css=(HERE / "stage.css").read_text("utf-8"), js=source(), isolate_styles=False
)


def stage(
    scene: Scene,
    pictures: Mapping[str, Picture],
    numbers: Sequence[Number],
    *,
    key: str = "stage",
    height: int = 330,
    simple: bool = False,
) -> None:
    """The run's recorded updates under one clock, with a panel for each picture of the scene under its title.

    numbers: the readout's. height: of one panel's figure, in pixels. simple: one picture, and few controls.
    """
    data: dict[str, Any] = {
        "url": f"/stage/{session.stage_token()}/{scene.trace.run.id}",
        "start": scene.start,
        "window": scene.trace.run.window,
        "signals": _signals(scene, pictures.values()),
        "plotly": "/stage/plotly.min.js",
        "panels": [_panel(name, picture, scene, simple) for name, picture in pictures.items()],
        "height": height,
        "simple": simple,
        "dates": stamps(scene.trace, scene.trace.run.window, scene.start),
        "scales": SCALES,
        "inked": INKED,
        "events": {name: INKED if colour == INK else colour for name, colour in EVENTS.items()},
        "numbers": [vars(number) for number in numbers],
    }
    _mount(key=key, data=data)


def _signals(scene: Scene, pictures: Iterable[Picture]) -> dict[str, dict[str, Any]]:
    """What the stage has to know of every signal that fills a frame."""
    bindings = [b for picture in pictures for part in parts(picture) for b in part.bindings if b.mode == "frame"]
    found = {binding.source: scene.offered[binding.source] for binding in bindings}
    return {
        name: {
            "title": title(name),
            "axes": s.axes,
            "shape": s.shape,
            "dtype": s.dtype,
            "recorded": in_file(scene.trace, name, scene.start),
        }
        for name, s in found.items()
    }


def _panel(name: str, picture: Picture, scene: Scene, simple: bool) -> dict[str, Any]:
    return {
        "title": name,
        "sentence": picture.sentence,
        "how": picture.how,
        "open": simple,
        "recomputed": any(not one["recorded"] for one in _signals(scene, [picture]).values()),
        "plots": [
            {
                "figure": part.figure.to_json(),
                "bindings": [vars(binding) for binding in part.bindings],
                "cursors": list(part.cursors),
                "sweeps": list(part.sweeps),
                "during": part.during,
            }
            for part in parts(picture)
        ],
    }
