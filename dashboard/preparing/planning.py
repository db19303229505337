"""What is decided of a run while its series is prepared: split, window, transform. The Train page begins with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import form
from dashboard.session import preparing
from engine.deciding import defaults
from engine.nouns.run import Run
from engine.nouns.series import Series

SIZES = ("window", "horizon", "validation", "test")
SHAPES = ("transform", "difference", "seasonal_difference", "scaling")


def ask(series: Series) -> dict[str, Any]:
    """The decisions, by their names in Run."""
    st.markdown("**Split, window and transform**")
    st.caption("These are decisions of a run. The Train page begins with them, and they can be changed there.")
    suited = defaults(series) | preparing.plan()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sizes = form.ask(Run, SIZES, f"plan.{series.hash}", suited)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shapes = form.ask(Run, SHAPES, f"plan.{series.hash}", suited)
    return {**sizes, **shapes}
