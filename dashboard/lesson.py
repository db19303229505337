"""How a lesson looks on a page: what happened, what was expected, how to mend it."""

from __future__ import annotations

import re

import streamlit as st

from engine.errors import Lesson


def show(lesson: Lesson) -> None:
    st.warning(f"**{plain(lesson.happened)}**\n\n{plain(lesson.expected)}\n\n{plain(lesson.mend)}")


def plain(text: str) -> str:
    """Text from a file for a place that takes Markdown: every sign stands for itself."""
    return re.sub(r"([\\`*_\[\]<>$:~#|])", r"\\\1", text)
