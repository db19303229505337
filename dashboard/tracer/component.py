"""Mounts the tracer: a sheet's steps, grids and cards in the browser. Knows no lesson and no session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.views.palette import DIVERGING, WEIGHTS

HERE = Path(__file__).parent
MODULES = (
    *("making", "blanks", "colours", "formula", "painting", "grids"),
    *("lines", "card", "fading", "stepper", "tracer"),
)
"""In the order in which they are joined to one module, after the stage's theme: a browser without a build step."""


def source() -> str:
    """The tracer's JavaScript as one module."""
    theme = HERE.parent / "stage" / "js" / "theme.js"
    files = (theme, *(HERE / "js" / f"{name}.js" for name in MODULES))
    return "\n".join(file.read_text("utf-8") for file in files)


_mount = st.components.v2.component(
    "unrolled.tracer", css=(HERE / "tracer.css").read_text("utf-8"), js=source(), isolate_styles=False
)


def tracer(
    packed: dict[str, Any], start: int, *, key: str, on_step: Callable[[], None], on_edit: Callable[[], None]
) -> Any:
    """The sheet at the step `start`, where it is first shown; from then on the reader moves.

    The component's state has "step", the step the reader is at, and for one run "edit": `{key: value or None}`,
    of one number or of many that were drawn over.
    """
    data = {**packed, "start": start, "scales": {"value": DIVERGING, "weight": WEIGHTS, "gradient": DIVERGING}}
    return _mount(key=key, data=data, on_step_change=on_step, on_edit_change=on_edit)
