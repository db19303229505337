"""What a series is called, and its unit, from what the file says of it. Knows names, not numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from engine.reading.layouts.layout import Observed

if TYPE_CHECKING:
    from engine.reading.read import Outline

NOTHING_SAID = re.compile(r"(?:value|values|y|x|column \d+|data|0|target|time|)", re.IGNORECASE)
_BRACKETED = re.compile(r"\[([^\]]{1,20})\]|\s\(([^)]{1,20})\)$")


def name_of(offered: Outline, observed: Observed) -> str:
    """The file's title or name, and what tells this series from the others in it."""
    stem = PurePath(offered.name).stem
    layout = offered.layout
    title = layout.about.get("title", "")
    said = [observed.label] if observed.label else []
    if len(layout.candidates) > 1 and not NOTHING_SAID.fullmatch(observed.column):
        said.append(observed.column)
    return ": ".join([title[:80] or stem, *dict.fromkeys(said)])


def unit_of(observed: Observed, about: Mapping[str, str]) -> str:
    """What stands in brackets after the name, “Load [MW]”, or beside the word “Unit” above the table."""
    found = _BRACKETED.search(observed.column)
    if found:
        return str(found.group(1) or found.group(2))
    return about.get("unit", about.get("units", ""))[:20]
