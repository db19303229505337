"""The report of a reading in words, and to keep as a file. Knows no page around it."""

from __future__ import annotations

import json

import streamlit as st

from dashboard.downloading import download
from dashboard.lesson import plain
from engine.reading.read import Reading
from engine.reading.report import counts, head, span


def show(reading: Reading) -> None:
    """Rows, span, frequency and how well the stamps fit; how the file was read behind a click."""
    st.markdown(f"**{plain(span(reading))}**")
    left, right = st.columns([5, 1.4], vertical_alignment="center")
    left.caption(plain(" ".join([counts(reading.facts), *reading.notes])))
    with right:
        download(
            "Report", json.dumps(head(reading), indent=1, ensure_ascii=False), "report.json", mime="application/json",
            width="stretch", help="What was found, chosen and mended, to read new data alike.",
        )  # fmt: skip
