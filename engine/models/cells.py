"""The recurrent cells that other models are built of, by name. Declares no model of its own."""

from __future__ import annotations

from typing import Any

from engine.models import gru, lstm, rnn
from engine.training.recurrent import Cell

CELLS = {"lstm": lstm.CELL, "gru": gru.CELL, "rnn": rnn.CELL}


def chosen(settings: Any) -> tuple[Cell, Any]:
    """The cell that `settings.cell` names, and its own settings: of the same size, else with its defaults."""
    cell = CELLS[settings.cell]
    size = {name: getattr(settings, name) for name in ("hidden", "layers", "record_gates")}
    return cell, cell.settings(**size)
