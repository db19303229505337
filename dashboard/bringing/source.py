"""Where a person's file comes from: an upload, or the clipboard. Knows nothing of what is in it."""

from __future__ import annotations

import streamlit as st

from dashboard.lesson import plain
from dashboard.session import brought
from engine.reading.limits import megabytes

TYPES = [
    "csv",
    "tsv",
    "txt",
    "dat",
    "xlsx",
    "xls",
    "xlsb",
    "ods",
    "parquet",
    "feather",
    "json",
    "jsonl",
    "tsf",
    "gz",
    "zip",
]
UPLOAD, PASTE = "Upload", "Paste"
PASTED = "pasted.txt"


def show() -> None:
    """Takes what is uploaded or pasted; stops the page where nothing was ever brought."""
    upload, paste = st.tabs([UPLOAD, PASTE])
    with upload:
        _upload()
    with paste:
        _paste()
    file = brought.brought()
    if file is None:
        st.caption(
            "Any table with a time column or a date in its rows or columns: text of any dialect, Excel, Parquet, JSON, "
            f"zipped too, up to {megabytes()} MB. How it is written is found out, and said."
        )
        st.stop()
    st.caption(f"Read from **{plain(file.name)}**, {len(file.data) / 1e6:,.2f} MB.")


def _upload() -> None:
    file = st.file_uploader(
        "A file", type=TYPES, max_upload_size=megabytes(), key="upload", label_visibility="collapsed"
    )
    if file is not None:
        _new("upload", file.file_id, file.name, file.getvalue())


def _paste() -> None:
    with st.form("pasting", border=False):
        text = st.text_area(
            "Cells copied from a spreadsheet, or text",
            height=160,
            key="pasted",
            placeholder="date\tsales\n2024-01-01\t12",
        )
        if st.form_submit_button("Read it") and text.strip():
            brought.bring(text.encode(), PASTED)


def _new(key: str, id: str, name: str, data: bytes) -> None:
    """Takes a file once: a rerun with the same upload must not put it back over what was pasted since."""
    if brought.is_new(key, id):
        brought.bring(data, name)
