"""The button that hands a visitor a file. Knows no page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def download(label: str, data: str | bytes | Callable[[], str | bytes], name: str, **more: Any) -> None:
    """data: what is in the file, or what makes it when the button is pressed. more: as Streamlit's own button takes it.

    It runs no page anew: one that is run anew, and stopped before its button is reached, lets go of the file.
    """
    st.download_button(label, data, name, on_click="ignore", **{"icon": ":material/download:", **more})
