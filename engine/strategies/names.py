"""The strategies by name, and which of them a run was trained for. Loads no torch: pages read it."""

from __future__ import annotations

from typing import Literal, get_args

from engine.nouns.run import Run

Strategy = Literal["iterative", "direct", "seq2seq"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
TITLES: dict[str, str] = {"iterative": "Iterative", "direct": "Direct", "seq2seq": "Encoder-decoder"}
SENTENCES: dict[str, str] = {
    "iterative": "Forecasts one step, takes it for true, and goes on from there.",
    "direct": "Forecasts all steps at once, each from the window alone.",
    "seq2seq": "One network reads the window, another writes the steps, each from the one before.",
}


def strategy_of(run: Run) -> Strategy:
    """How a run's network answers more than one step."""
    if run.model == "seq2seq":
        return "seq2seq"
    return "iterative" if run.horizon == 1 else "direct"
