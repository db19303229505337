"""Where a visitor is in the lessons: lesson, step, edits and seed in the URL, score and progress for the visit.

Draws nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.tracer.packing import packed
from engine.errors import Lesson
from engine.working.sheet import Sheet, Work, worked

MOST_EDITS = 200
LARGEST = 1e6  # of an edited number


def lesson() -> int | None:
    """The lesson in the URL."""
    text = st.query_params.get("lesson", "")
    return int(text) if text.isdecimal() and len(text) < 4 else None


def open_lesson(number: int | None, step: int = 0) -> None:
    """Another lesson, or the list of them; numbers are as they were given."""
    st.query_params.clear()
    for name in ("step", "edit", "seed"):
        st.session_state.pop(f"lesson.{name}.written", None)
    st.session_state["lesson.start"] = step
    if number is not None:
        st.query_params.from_dict({"lesson": str(number), "step": str(step + 1)})


def step(of: int) -> int:
    """The step the reader is at, of so many."""
    text = _told("step") or "1"
    return min(max(int(text) if text.isdecimal() and len(text) < 5 else 1, 1), of) - 1


def start(of: int) -> int:
    """The step at which the lesson was opened: fixed while it stays open, the tracer moves by itself."""
    return min(int(st.session_state.setdefault("lesson.start", step(of))), of - 1)


def walked(key: str) -> None:
    """Takes over the step that the tracer is at."""
    at = getattr(st.session_state.get(key), "step", None)
    if isinstance(at, int | float):
        _write("step", str(int(at) + 1))
        reached = st.session_state.setdefault("lesson.reached", {})
        reached[lesson()] = max(int(at), reached.get(lesson(), 0))


def reached(number: int) -> int | None:
    """The furthest step that was looked at in this visit."""
    found: dict[int, int] = st.session_state.get("lesson.reached", {})
    return found.get(number)


def edits() -> dict[str, float]:
    """The edited numbers in the URL, by key. Raises Lesson for what cannot be read."""
    found: dict[str, float] = {}
    for entry in filter(None, _told("edit").split(";")[:MOST_EDITS]):
        key, _, text = entry.rpartition(":")
        try:
            found[key] = float(text)
        except ValueError:
            found[key] = math.nan
        if not abs(found[key]) <= LARGEST:
            raise Lesson(
                f"The address sets “{key[:40]}” to “{text[:40]}”.",
                f"A number between -{LARGEST:,.0f} and {LARGEST:,.0f} is expected.",
                "Take that part out of the address, or begin the lesson anew.",
            )
    return found


def edit(changes: Mapping[str, float | None]) -> None:
    """Sets numbers, or with None puts back what was given."""
    kept = edits() | {key: value for key, value in changes.items() if value is not None}
    texts = [f"{key}:{value!r}" for key, value in kept.items() if changes.get(key, value) is not None]
    _write("edit", ";".join(texts))


def edited(key: str) -> None:
    """Takes over an edit that the tracer tells of."""
    told: Any = getattr(st.session_state.get(key), "edit", None)
    if isinstance(told, dict):
        edit({str(name): value if value is None else float(value) for name, value in told.items() if _can_be(value)})


def _can_be(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and abs(value) <= LARGEST)


def put_back() -> None:
    """All numbers as they were given."""
    for name in ("edit", "seed"):
        _write(name, "")


def seed() -> int | None:
    text = _told("seed")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def draw(number: int) -> None:
    """Weights and inputs drawn from that seed, without edits."""
    put_back()
    _write("seed", str(number))


def _told(name: str) -> str:
    """An entry of the address. Who is quick asks again before the browser has heard what was last written into it.

    Such a request still carries an entry that was since replaced: then the last one holds, and is written anew.
    """
    now = st.query_params.get(name, "")
    last, replaced = st.session_state.get(f"lesson.{name}.written", (now, frozenset()))
    if now not in replaced:
        return now
    _put(name, last)
    return str(last)


def _write(name: str, text: str) -> None:
    before, key = _told(name), f"lesson.{name}.written"
    _, replaced = st.session_state.get(key, (before, frozenset()))
    st.session_state[key] = (text, (replaced | {before}) - {text})
    _put(name, text)


def _put(name: str, text: str) -> None:
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def sheet(number: int, work: Work, changes: Mapping[str, float] | None = None) -> Sheet:
    """The lesson's numbers as the URL has them. changes: over the edits, to see what would be."""
    now = edits() | dict(changes or {})
    return _sheet((number, tuple(sorted(now.items())), seed()), dict(now), seed(), work)


def drawn(number: int, work: Work, veiled: frozenset[str]) -> dict[str, Any]:
    """The same as the tracer draws it."""
    return _drawn((number, tuple(sorted(edits().items())), seed()), veiled, sheet(number, work))


@st.cache_resource(max_entries=100, show_spinner=False)
def _sheet(about: tuple[Any, ...], _now: dict[str, float], _seed: int | None, _work: Work) -> Sheet:  # noqa: ARG001
    return worked(_work, _now, _seed)


@st.cache_resource(max_entries=50, show_spinner=False)
def _drawn(about: tuple[Any, ...], veiled: frozenset[str], _sheet: Sheet) -> dict[str, Any]:  # noqa: ARG001
    return packed(_sheet, veiled)


def guess(question: str) -> Any:
    """What was guessed for a question on the numbers as they are; None where nothing was."""
    return st.session_state.get("lesson.guesses", {}).get(_asked(question), (None, False))[0]


def take_guess(question: str, field: str, right: Callable[[Any], bool]) -> None:
    """Keeps the guess in a field, if there is one; another on the same numbers does not count."""
    value = st.session_state.get(field)
    if value is not None:
        st.session_state.setdefault("lesson.guesses", {}).setdefault(_asked(question), (value, right(value)))


def score(number: int) -> tuple[int, int]:
    """How many predictions of a lesson were right, of how many."""
    of = [right for (at, *_), (_, right) in st.session_state.get("lesson.guesses", {}).items() if at == number]
    return sum(of), len(of)


def _asked(question: str) -> tuple[int | None, str, str, str]:
    return lesson(), question, _told("edit"), _told("seed")
