"""What a network of any strategy answers at many origins, fed by itself and fed the truth. Knows no network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.strategies.asked import BATCH, Asked, Numbers, Origins, longer
from engine.strategies.iterative import iterate
from engine.strategies.names import Strategy, strategy_of


@dataclass(frozen=True)
class Answers:
    """Forecasts in the unit of the series, each (N, horizon), with what then came; NaN where nothing came yet.

    point: as the model forecasts. guided: the same model fed the true past at every step; where a model is fed
    nothing but the window, the same numbers as `point`.
    """

    strategy: Strategy
    origins: Origins
    point: Numbers
    guided: Numbers
    truth: Numbers

    @property
    def error(self) -> Numbers:
        """truth - forecast = own + inherited."""
        return self.truth - self.point

    @property
    def own(self) -> Numbers:
        """The error that the model makes when it is fed the truth."""
        return self.truth - self.guided

    @property
    def inherited(self) -> Numbers:
        """What its own earlier forecasts add to that: fed the true past minus fed its own."""
        return self.guided - self.point


def answers(asked: Asked, origins: Origins, batch: int = BATCH) -> Answers:
    """What the network answers from each origin, by the strategy it was trained for. Raises Lesson."""
    point, guided = (told(asked, origins, by_truth, batch) for by_truth in (False, True))
    return Answers(strategy_of(asked.run), origins, point, guided, asked.truth(origins))


def told(asked: Asked, origins: Origins, by_truth: bool = False, batch: int = BATCH) -> Numbers:
    """The forecasts alone, (N, horizon), in the unit of the series. by_truth: fed the true past at every step."""
    scaled = _told(asked, origins, by_truth, batch)
    alone = by_truth and strategy_of(asked.run) != "direct"
    return (asked.each_to_unit if alone else asked.to_unit)(scaled, origins)


def _told(asked: Asked, origins: Origins, by_truth: bool, batch: int) -> Numbers:
    strategy = strategy_of(asked.run)
    if strategy == "iterative":
        return iterate(asked, origins, by_truth, batch)
    h, T, H = asked.horizon, asked.run.window, asked.run.horizon
    if h > H:
        raise longer(asked, h)
    rows, truth = asked.rows(origins), None
    if by_truth and strategy == "seq2seq":
        truth = np.full((len(origins), H), np.nan)
        truth[:, :h] = rows[:, T:]
    return asked.answer(rows[:, :T], origins - T, truth, batch)[:, :h]
