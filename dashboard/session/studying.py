"""Which SARIMA study this visitor looks at: in the URL, so that a refresh shows the same. Draws nothing."""

from __future__ import annotations

import re

import streamlit as st

from engine import runs
from engine.estimating.study import Study


def chosen() -> Study | None:
    """The study in the URL, where it is kept here."""
    wanted = st.query_params.get("study", "")
    folder = runs.folder() / "studies" / wanted
    return Study(folder) if re.fullmatch(r"[0-9a-f]{16}", wanted) and (folder / "asked.json").exists() else None


def choose(study: Study) -> None:
    st.query_params["study"] = study.folder.name
