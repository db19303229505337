"""Which runs answer a horizon on one series: the same network, trained once for each strategy. Trains nothing."""

from __future__ import annotations

from typing import Any

from engine.contract import models
from engine.deciding import decide, defaults
from engine.errors import Lesson
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.strategies.names import STRATEGIES, TITLES, Strategy

WRITERS: dict[str, dict[str, Any]] = {
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "rnn": {"cell": "rnn"},
    "fnn": {"topology": "vector-to-sequence"},
}
"""The settings of the encoder-decoder that reads the window as the network does."""


def offered(model: str) -> tuple[Strategy, ...]:
    """The strategies that a network can be trained for; none where the model is no network."""
    known = models().get(model)
    if known is None or known.lens is None:
        return ()
    if model == "seq2seq":
        return ("seq2seq",)
    return STRATEGIES if model in WRITERS else ("iterative", "direct")


def plan(
    series: Series, model: str, strategy: Strategy, horizon: int, settings: dict[str, Any] | None = None, **sizes: Any
) -> Run:
    """The Run that trains the network to answer `horizon` steps by the strategy. Raises Lesson.

    All strategies of a network are given the same window, validation part and seed. An iterative one is shown only
    those columns beside the target that are known ahead.
    """
    if strategy not in offered(model):
        raise Lesson(
            f"The model “{model}” cannot be trained for the strategy “{TITLES.get(strategy, strategy)}”.",
            f"It can be for {' and '.join(TITLES[one] for one in offered(model)) or 'none'}.",
            "Choose one of these, or another model.",
        )
    n, chosen = len(series), dict(settings or {})
    sizes = {"validation": max(horizon, min(n // 5, 4 * horizon)), **sizes}
    fits = (n - sizes["validation"] - horizon) // 2
    sizes = {"window": max(2, min(defaults(series)["window"], fits)), **sizes}
    if strategy == "seq2seq" and model != "seq2seq":
        decoder = set(models()["seq2seq"].settings.model_fields)
        chosen = {name: value for name, value in chosen.items() if name in decoder} | WRITERS[model]
        model = "seq2seq"
    if strategy == "iterative":
        sizes = {"covariates": series.covariates.known_among(series.covariates.names), **sizes}
        horizon = 1
    return decide(series, model, chosen, horizon=horizon, **sizes)
