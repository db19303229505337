"""A form out of a model's settings: one widget per field, by its type. Knows no model by name and draws no picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

import streamlit as st
from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from engine.nouns.run import Decisions

WIDTH = 200  # pixels: a row holds as many as the page is wide
WORDS = {
    "hidden": "Hidden units", "batch": "Windows per batch", "clip": "Clip the gradient at", "clip_by": "Clip by",
    "kernel": "Kernel size", "order": "Order (p, d, q)", "seasonal": "Seasonal order (P, D, Q)",
    "warmup": "Warm-up updates", "decay": "Decay factor", "seed": "Random seed",
}  # fmt: skip
"""Full words, where neither the field has a title nor its name says enough."""


def ask(
    settings: type[Decisions], names: Iterable[str], key: str, suited: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The values chosen for the named fields; `suited` replaces the fields' own defaults."""
    instead = suited or {}
    return {name: field(name, settings.model_fields[name], f"{key}.{name}", instead.get(name)) for name in names}


def field(name: str, info: FieldInfo, key: str, value: Any = None) -> Any:
    """One widget for one decision; `value` replaces the field's own default."""
    start = info.default if value is None else value
    more: dict[str, Any] = {"label": info.title or label(name), "help": info.description, "key": key, "width": WIDTH}
    kind = info.annotation
    if kind is bool:
        return st.toggle(value=start, **more)
    if get_origin(kind) is Literal:
        choices = list(get_args(kind))
        return st.selectbox(options=choices, index=choices.index(start), **more)
    if get_origin(kind) is tuple:
        return _several(start, more)
    if kind is str:
        return st.text_input(value=start, **more)
    return _number(start, info, more)


def label(name: str) -> str:
    return WORDS.get(name) or name.replace("_", " ").capitalize()


def _several(start: tuple[int, ...], more: dict[str, Any]) -> Any:
    """A few small whole numbers in one line, such as p, d, q: written as a person would, "0, 1, 1"."""
    text = st.text_input(value=", ".join(map(str, start)), **more)
    parts = [part.strip() for part in text.replace(";", ",").strip("() ").split(",")]
    return [int(part) if part.isdecimal() else part for part in parts]


def _number(start: float | None, info: FieldInfo, more: dict[str, Any]) -> Any:
    if start is None:
        return st.number_input(value=None, format="%.6g", **more)
    limits = {type(limit): limit for limit in info.metadata}
    low, high = limits.get(Ge), limits.get(Le)
    if isinstance(start, int):
        return st.number_input(
            value=start, step=1, min_value=low and int(low.ge), max_value=high and int(high.le), **more
        )
    return st.number_input(value=float(start), min_value=0.0, step=start / 10 or 0.1, format="%.4g", **more)
