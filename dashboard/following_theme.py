"""Has a page drawn anew when the visitor's theme changes: figures that Python coloured keep the old one's else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
READING = HERE / "stage" / "js" / "theme.js"
WATCHING = """
let seen; // of this page; what Python knew when it was opened is right already

export default function mount({ parentElement, setTriggerValue }) {
  const { dark } = readTheme(parentElement);
  if (seen !== undefined && seen !== dark) setTriggerValue("changed", dark ? "dark" : "light");
  seen = dark;
}
"""

_mount = st.components.v2.component(
    "unrolled.theme", js=READING.read_text("utf-8") + WATCHING, html="<i></i>", isolate_styles=False
)


def follow() -> None:
    """Once on a page, and seen by nobody. Streamlit mounts a component again when the theme changes."""
    with st.container(key="theme"):
        _mount(key="theme.watched", on_changed_change=lambda: None)
