"""Networks that read the columns beside a series as one forecaster: who is best before the end of the past is taken.

engine/recipes/recommended.py says which networks compete, and how.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from engine.forecasters.networks import NEEDS, FittedNetwork
from engine.forecasting import Forecaster
from engine.nouns.forecast import Forecast
from engine.nouns.series import Series
from engine.saying import alone

LAST = 180
"""Values at the end of the past that networks compete on; of a past that is short, a sixth of it."""
COMPETING, TAKEN = range(2), range(5)
"""Seeds of those that compete, and of the one that is taken."""


def carries(series: Series) -> bool:
    """Whether it is one for these networks: days with columns beside them, three times as many as they compete on."""
    return series.freq == "D" and bool(series.covariates.names) and len(series) >= 3 * LAST


@dataclass(frozen=True)
class FittedBeside:
    """The members of one ensemble."""

    members: tuple[FittedNetwork, ...]

    def forecast(self, history: Series, horizon: int, levels: Sequence[float] = ()) -> Forecast:  # noqa: ARG002
        """As engine.forecasting.Fitted says; intervals it has none. Raises Lesson where what is known ahead ends."""
        from engine.recipes.recommended import forecast, shown_ahead

        shown = shown_ahead(history)
        point = forecast(shown, self.members, np.array([len(history)]), horizon)[0]
        if not np.isfinite(point).all():
            shown.covariates.check_ahead(self.members[0].run.known_ahead, len(shown), horizon)
        return Forecast(history.index[-1], history.future(horizon), point)


def fit(history: Series, horizon: int, seed: int) -> FittedBeside:  # noqa: ARG001 - it has seeds of its own
    """Says after each training how far it is. Raises Lesson where the history cannot carry the networks."""
    from engine.recipes.recommended import CANDIDATES, chosen, ensemble, shown_ahead

    done, trainings = count(1), len(CANDIDATES) * len(COMPETING) + len(TAKEN)

    shown = shown_ahead(history)
    kept = max(horizon, min(LAST, len(history) // 6))
    with alone() as say:

        def told() -> None:
            say(next(done), trainings)

        best = next(iter(chosen(shown, horizon, kept, COMPETING, CANDIDATES, told)))
        taken = next(one for one in CANDIDATES if one.title == best)
        return FittedBeside(ensemble(shown, taken, horizon, TAKEN, told))


FORECASTERS = (
    Forecaster("beside", "Networks that read the columns beside",
               "Five networks compete on the end of the past; the best is trained by five seeds, whose median it is.",
               fit, order=90, needs=NEEDS),
)  # fmt: skip
