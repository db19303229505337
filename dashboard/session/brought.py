"""The file a visitor brought and how it shall be read: kept over pages, undone step by step. Draws nothing."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.nouns.series import Series
from engine.reading import kinds, read
from engine.reading import several as side_by_side
from engine.reading.layouts.layout import Choice
from engine.reading.read import Outline, Reading

# What belongs to one sheet and means nothing in another.
OF_A_SHEET: dict[str, Any] = {"time": None, "column": None, "series": None, "answers": {}}


@dataclass(frozen=True)
class Brought:
    """A file as it came. digest: what tells it from others."""

    name: str
    data: bytes
    digest: str


def bring(data: bytes, name: str) -> None:
    """From now on this is the visitor's file; nothing is chosen in it yet, unless it is the same as before."""
    digest = hashlib.sha256(data).hexdigest()
    known = brought()
    if known is None or (known.digest, known.name) != (digest, name):
        st.session_state["brought"] = Brought(name, data, digest)
        st.session_state["choices"] = [Choice()]


def brought() -> Brought | None:
    return st.session_state.get("brought")


def choice() -> Choice:
    """What is chosen now."""
    return choices()[-1]


def choices() -> list[Choice]:
    """Every choice since the file was brought, the last one holding."""
    return list(st.session_state.get("choices") or [Choice()])


def choose(**wanted: str | None) -> None:
    """Another sheet, column, series or time."""
    fresh = OF_A_SHEET if "sheet" in wanted else {}
    changes: dict[str, Any] = {**fresh, **wanted}
    _push(dataclasses.replace(choice(), **changes))


def answer(id: str, value: str) -> None:
    """An answer to a question, or the repair of a finding."""
    _push(dataclasses.replace(choice(), answers={**choice().answers, id: value}))


def _push(new: Choice) -> None:
    if new != choice():
        st.session_state["choices"] = [*choices(), new]


def undo() -> None:
    """Back to what was chosen before the last choice."""
    st.session_state["choices"] = choices()[:-1] or [Choice()]


def start_again() -> None:
    """Back to what the file itself says; that, too, can be undone."""
    _push(Choice())


def outline() -> Outline:
    """What the visitor's file offers, read once. Raises Lesson."""
    file = st.session_state["brought"]
    return _outline(file.digest, file.name, choice().sheet, file.data)


def reading() -> Reading:
    """The visitor's file as a series, read once for each choice. Raises Lesson."""
    file = st.session_state["brought"]
    wanted: dict[str, Any] = dataclasses.asdict(choice())
    return _reading(file.digest, file.name, json.dumps(wanted, sort_keys=True), file.data)


def others() -> list[str]:
    """What else of the sheet can stand beside the visitor's series."""
    return kinds.others(reading()) if brought() is not None else []


def kinds_of_moments() -> dict[str, list[str]]:
    """Columns of few words, such as the type of a day, with the names of the columns that `others` has of them."""
    return kinds.kinds(outline()) if brought() is not None else {}


def column(name: str) -> Series:
    """One of `others`. Raises Lesson."""
    file, taken = st.session_state["brought"], reading().choice
    wanted = json.dumps(dataclasses.asdict(taken), sort_keys=True)
    return _column(file.digest, file.name, wanted, name, reading())


def several() -> list[str]:
    """The series of the file by name, the chosen one first; they need not lie on the same calendar."""
    return side_by_side.several(reading()) if brought() is not None else []


def one_of_several(name: str) -> Series:
    """One of `several`. Raises Lesson."""
    return side_by_side.one(reading(), name)


@st.cache_resource(max_entries=2, show_spinner="Reading the file …")
def _outline(digest: str, name: str, sheet: str | None, _data: bytes) -> Outline:  # noqa: ARG001 - it stands for the bytes
    return read.outline(_data, name, sheet)


@st.cache_resource(max_entries=20, show_spinner="Reading the series …")
def _reading(digest: str, name: str, wanted: str, _data: bytes) -> Reading:
    chosen = Choice(**json.loads(wanted))
    return read.read_outline(_outline(digest, name, chosen.sheet, _data), chosen)


def is_new(place: str, id: str) -> bool:
    """Whether this was not yet seen at a place; from now on it was."""
    seen = st.session_state.setdefault("seen", {})
    new = seen.get(place) != id
    seen[place] = id
    return bool(new)


def value_of(key: str) -> Any:
    """What a person put into a field."""
    return st.session_state[key]


def changed() -> bool:
    """Whether anything was chosen, answered or repaired."""
    return choice() != Choice()


@st.cache_resource(max_entries=20, show_spinner="Reading the series …")
def _column(digest: str, name: str, wanted: str, column: str, _of: Reading) -> Series:  # noqa: ARG001 - they stand for it
    return kinds.column(_of, column)
