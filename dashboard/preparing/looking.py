"""A look at what is prepared: parts and windows, the series taken apart, its memory, whether it stands still."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.preparing import describing, parts_plot, window_plot
from dashboard.preparing.describing import PLOT, Planned
from engine.contract import models
from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.prepare import Prepared, prepare
from engine.preparing.shown import window


def show(series: Series, read: Series, planned: Planned) -> None:
    """The look that was chosen; only that one is computed. Raises Lesson where there is nothing to look at."""
    look = st.segmented_control("Look at", list(LOOKS), default=next(iter(LOOKS)), key="prepare.look", required=True)
    LOOKS[look](series, read, planned)


def _parts(series: Series, read: Series, planned: Planned) -> None:
    """The series with its parts, and one window of it as a model is shown it."""
    try:
        prepared = prepare(_decided(series, planned), series)
    except Lesson:
        _draw_parts(series, read, planned, None)
        raise
    lost, last = prepared.learned.differences.lost, len(series) - prepared.run.window
    start = st.slider(
        "The window begins at value", lost, last, min(last, prepared.probe.start), key=f"window.{prepared.run.id}",
        help="Drag it over the series. It begins at the last window before the validation part.",
    )  # fmt: skip
    shown = window(prepared, int(start))
    _draw_parts(series, read, planned, (start, prepared.run.window, prepared.run.horizon))
    st.plotly_chart(window_plot.figure(prepared, shown), config=PLOT, key="prepare.window")
    st.caption(_learned(prepared))


def _decided(series: Series, planned: Planned) -> Run:
    """A run of the first network that is offered: windows are the same for all."""
    network = next(name for name, model in models().items() if model.lens is not None)
    return decide(series, network, **planned)


def _draw_parts(series: Series, read: Series, planned: Planned, shown: tuple[int, int, int] | None) -> None:
    end = len(series) - planned["test"]
    drawn = parts_plot.figure(series, read, end - planned["validation"], end, shown)
    st.plotly_chart(drawn, config=PLOT, key="prepare.parts")


def _learned(prepared: Prepared) -> str:
    """What preparation learned, and from what."""
    scale, power = prepared.scale, prepared.learned.power
    said = (
        f"Learned from the {prepared.split:,} training values alone: {scale.middle:,.5g} is taken off, and divided by"
    )
    said += f" {scale.spread:,.5g}."
    if power.exponent is not None:
        typical = f" of y / {power.typical:,.5g}" if power.typical != 1 else ""
        kind = "the logarithm" if power.exponent == 0 else f"Box-Cox with the exponent {power.exponent:.4g}"
        said += f" Before that, {kind}{typical}."
    windows = len(prepared.training_starts)
    return said + f" {windows:,} windows to learn from, {len(prepared.validation_starts):,} to be judged by."


LOOKS: dict[str, Callable[[Series, Series, Planned], None]] = {
    "Parts and windows": _parts,
    "Trend and seasons": lambda series, read, planned: describing.decomposition(series, planned),  # noqa: ARG005
    "Autocorrelation": lambda series, read, planned: describing.memory(series, planned),  # noqa: ARG005
    "Does it stand still?": lambda series, read, planned: describing.stillness(series, planned),  # noqa: ARG005
}
