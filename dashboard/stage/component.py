"""Mounts the stage: one clock and its linked panels, in the browser. Knows no view and reads no run file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.scenes import in_file
from dashboard.views.contract import Binding, Picture, Scene, parts
from dashboard.views.numbers import Number
from dashboard.views.palette import EVENTS, INK, INKED, NAIVE, SCALES
from dashboard.views.words import stamps, title

HERE = Path(__file__).parent
MODULES = (
    *(
        "bytes",
        "record",
        "chunks",
        "newest",
        "sources",
        "bindings",
        "theme",
        "overlay",
        "clicks",
        "alternative",
        "colours",
        "redraw",
        "plotly",
        "moments",
        "plot",
    ),
    *("keyframes", "film", "saving", "guess", "phases", "panel", "filmstrip"),
    *(
        "clock",
        "keys",
        "transport",
        "inner",
        "../../tracer/js/blanks",
        "hiding",
        "supposed",
        "card",
        "readout",
        "worker",
        "polling",
        "twin",
        "arriving",
        "stage",
    ),
)
"""In the order in which they are joined to one module: a browser without a build step, and no further requests."""

PLOTLY = "/stage/plotly.min.js"
RATE = "learning rate changed"
"""What record.js calls it where the learning rate is another than at the update before."""


@dataclass(frozen=True)
class Panel:
    """A picture under a title. run: which of the scenes it is of; less: which one's numbers are taken from its own."""

    title: str
    picture: Picture
    run: int = 0
    less: int = 0


def source() -> str:
    """The stage's JavaScript as one module."""
    return "\n".join((HERE / "js" / f"{name}.js").read_text("utf-8") for name in MODULES)


def style() -> str:
    """Its look, as one sheet."""
    return "\n".join((HERE / f"{name}.css").read_text("utf-8") for name in ("stage", "closer"))


_mount = st.components.v2.component("unrolled.stage", css=style(), js=source(), isolate_styles=False)


def stage(
    scenes: Sequence[Scene],
    panels: Sequence[Panel],
    numbers: Sequence[Number],
    *,
    key: str = "stage",
    height: int = 330,
    simple: bool = False,
    begun: float | None = None,
) -> None:
    """The recorded updates of a run under one clock, with its panels and those of the runs beside it.

    scenes: of the run that the clock and all commands belong to, then of the others. numbers: the readout's. height: of
    one panel's figure, in pixels. simple: one picture, and few controls. begun: a number of its own for each
    training that a person begins; the stage then comes into view.
    """
    runs = [_run(scene, number, panels) for number, scene in enumerate(scenes)]
    data: dict[str, Any] = {
        **runs[0],
        "twins": runs[1:],
        "recorded": len(scenes[0].trace.steps),
        "window": scenes[0].trace.run.window,
        "plotly": PLOTLY,
        "panels": [_panel(panel, runs[panel.run]["signals"], simple) for panel in panels],
        "height": height,
        "simple": simple,
        "begun": begun,
        "scales": SCALES,
        "inked": INKED,
        "events": {RATE: NAIVE} | {name: INKED if colour == INK else colour for name, colour in EVENTS.items()},
        "numbers": [vars(number) for number in numbers],
    }
    _mount(key=key, data=data)


def _run(scene: Scene, number: int, panels: Sequence[Panel]) -> dict[str, Any]:
    """Where the stage finds a run, and what it has to know of every signal that fills a frame."""
    trace = scene.trace
    shown = [panel.picture for panel in panels if number in (panel.run, panel.less)]
    names = [source for picture in shown for source in _sources(picture)]
    names += [source for panel in panels if number for source in _sources(panel.picture, number)]
    found = {name: scene.offered[name] for name in names}
    signals = {
        name: {
            "title": title(name),
            "axes": s.axes,
            "shape": s.shape,
            "dtype": s.dtype,
            "recorded": in_file(trace, name, scene.start),
            "cut": _cut(name, s.axes, panels),
        }
        for name, s in found.items()
    }
    url = f"/stage/{session.stage_token()}/{trace.run.id}"
    dates = stamps(trace, trace.run.window, scene.start)
    return {"url": url, "start": scene.start, "dates": dates, "signals": signals}


def _cut(name: str, axes: Sequence[str], panels: Sequence[Panel]) -> int | None:
    """The axis along which only the picked unit of a derived signal is fetched; None where any picture takes all."""
    if "/" not in name or name.startswith("gradient/"):
        return None
    found = {
        next((a for a, pick in b.at.items() if pick == "unit"), None) for p in panels for b in _frames(p.picture, name)
    }
    (axis,) = found if len(found) == 1 else (None,)
    return None if axis is None else axes.index(axis)


def _frames(picture: Picture, name: str) -> list[Binding]:
    return [b for part in parts(picture) for b in part.bindings if b.mode == "frame" and b.source == name]


def _sources(picture: Picture, run: int = 0) -> list[str]:
    """What fills its frames: of its own run, or of one beside it."""
    return [b.source for part in parts(picture) for b in part.bindings if b.mode == "frame" and b.run == run]


def _panel(panel: Panel, signals: Mapping[str, Any], simple: bool) -> dict[str, Any]:
    picture = panel.picture
    return {
        "title": panel.title,
        "run": panel.run,
        "less": panel.less,
        "sentence": picture.sentence,
        "how": picture.how,
        "simple": simple,
        "phases": picture.phases,
        "recomputed": any(not signals[source]["recorded"] for source in _sources(picture)),
        "plots": [
            {
                "figure": part.figure.to_json(),
                "bindings": [vars(binding) for binding in part.bindings],
                "cursors": list(part.cursors),
                "sweeps": list(part.sweeps),
                "reaches": part.reaches,
                "during": part.during,
                "acts": part.acts,
                "phased": part.phased,
            }
            for part in parts(picture)
        ],
    }
