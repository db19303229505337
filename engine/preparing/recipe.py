"""A recipe: steps one after the other, as JSON, replayed on any series. Knows no step by name and no split."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
from pydantic import ValidationError

from engine.errors import Lesson
from engine.nouns.run import Decisions
from engine.nouns.series import Series
from engine.preparing.steps.contract import Step, Written, steps

MOST_STEPS = 50


def write(name: str, decisions: dict[str, Any]) -> Written:
    """A step with every decision written out. Raises Lesson for what cannot be decided so."""
    step, checked = _read({"step": name, **decisions})
    return {"step": step.name, **checked.model_dump(mode="json")}


def _read(written: Written) -> tuple[Step, Decisions]:
    decisions = dict(written)
    name = decisions.pop("step", None)
    if name not in steps():
        raise Lesson(
            f"There is no step “{name}”.", f"The steps are {', '.join(steps())}.", "Choose one of them."
        )  # fmt: skip
    step = steps()[str(name)]
    try:
        return step, step.decisions.model_validate(decisions)
    except ValidationError as error:
        first = error.errors()[0]
        what = ".".join(map(str, first["loc"]))
        raise Lesson(
            f"“{what}” of “{step.title}” was set to {first['input']!r}.", f"{first['msg']}.", f"Change “{what}”."
        ) from error


def replay(series: Series, recipe: Sequence[Written]) -> Series:
    """The series that the steps make of this one, in order. Raises the Lesson of the first that cannot."""
    for number, written in enumerate(recipe):
        step, decisions = _read(written)
        try:
            made, said = step.apply(decisions, series)
        except Lesson as lesson:
            raise Lesson(
                f"Step {number + 1}, “{step.title}”: {lesson.happened}", lesson.expected, lesson.mend
            ) from lesson
        done = {"step": step.name, **decisions.model_dump(mode="json")}
        series = dataclasses.replace(made, repairs=(*series.repairs, said), steps=(*series.steps, done))
    return series


def settled(series: Series) -> pd.Timestamp | None:
    """Until when a step of this series looked at later values; None where none did. No split may lie before it."""
    moments = [step.settled(decisions) for step, decisions in map(_read, series.steps)]
    return max((moment for moment in moments if moment is not None), default=None)


def exported(recipe: Sequence[Written]) -> str:
    """The recipe as a text to keep."""
    return json.dumps({"unrolled preparation": list(recipe)}, indent=1, ensure_ascii=False)


def imported(text: str) -> tuple[Written, ...]:
    """The inverse of `exported`. Raises Lesson for what is none."""
    try:
        found = json.loads(text)["unrolled preparation"]
        if not isinstance(found, list) or len(found) > MOST_STEPS or not all(isinstance(one, dict) for one in found):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Lesson(
            "The text is not a preparation.",
            f"A preparation is a JSON file with at most {MOST_STEPS} steps, as it is downloaded here.",
            "Choose another file.",
        ) from error
    return tuple(write(str(one.get("step")), {n: v for n, v in one.items() if n != "step"}) for one in found)
