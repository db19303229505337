"""What a page may ask of a run about its strategy, for the process that answers. Loads torch only when asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.nouns.frame import Array
from engine.nouns.trace import Trace

Said = tuple[Any, Mapping[str, Array]]  # what JSON can say, and arrays by name


def _answers(trace: Trace, request: Mapping[str, Any]) -> Said:
    """step, origins, horizon -> the strategy, and what it answered: point, guided and truth, (origins, horizon)."""
    from engine.strategies.asking import answers_of

    found = answers_of(trace, request["step"], request["origins"], request["horizon"])
    return found.strategy, {"point": found.point, "guided": found.guided, "truth": found.truth}


def _lags(trace: Trace, request: Mapping[str, Any]) -> Said:
    """steps -> how far the next forecast moves with each past value, lag 1 first: mean, low, high, (steps, T)."""
    from engine.strategies.asking import lags_of

    return None, dict(zip(("mean", "low", "high"), lags_of(trace, request["steps"]), strict=True))


def _left_over(trace: Trace, request: Mapping[str, Any]) -> Said:
    """step, lags -> the autocorrelation of what is left over one step ahead (lags,), and where noise stays."""
    from engine.strategies.leftover import left_over

    found = left_over(trace, request["step"], request["lags"])
    return found.band, {"autocorrelation": found.autocorrelation}


QUESTIONS: dict[str, Callable[[Trace, Mapping[str, Any]], Said]] = {
    "answers": _answers,
    "lags": _lags,
    "left over": _left_over,
}
