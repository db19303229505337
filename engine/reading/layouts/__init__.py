"""How a table holds its series: time downwards, time across, both crossed, or a start and a step a row."""

from __future__ import annotations

from engine.reading.container import Sheet
from engine.reading.layouts.across import Across, dated_columns
from engine.reading.layouts.crossed import find_crossed
from engine.reading.layouts.layout import Layout
from engine.reading.layouts.started import Started, find_started
from engine.reading.layouts.tall import Tall
from engine.reading.table import read_tables
from engine.reading.tsf import Declared


def find_layout(sheet: Sheet, name: str) -> Layout:
    """The layout of a sheet. Raises Lesson where it holds no table."""
    if isinstance(sheet, Declared):
        return Started(sheet)
    tables = read_tables(sheet, name)
    if (crossed := find_crossed(tables)) is not None:
        return crossed
    if (started := find_started(tables[0])) is not None:
        return started
    if dated := dated_columns(tables[0]):
        return Across(tables[0], dated)
    return Tall(max(tables, key=len))
