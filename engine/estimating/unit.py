"""Whether a SARIMA had better look at a series or at its logarithm, by the likelihood of the airline model on both.

As X-13ARIMA-SEATS decides it (its reference manual, transform{function = auto}): AICc, that of the logarithm brought
to the unit of the values by the Jacobian of the transform, with a small head start for the logarithm. Of the values
given, nothing is looked at but these. Knows no search.
"""

from __future__ import annotations

import numpy as np

from engine.estimating.climbing import climb
from engine.estimating.orders import NO_SEASON, Floats, Orders
from engine.estimating.possible import UNCHANGING

HEAD_START = 2.0  # AICc that the logarithm may be worse by: X-13's aicdiff
FEWEST = 12  # values that tell the two apart


def unit(values: Floats, period: int) -> str:
    """ "log" or "none". values: (n,), without gaps. period: 1 where there is no season to be looked at."""
    season = (0, 1, 1, period) if period > 1 and len(values) >= 2 * period + 5 else NO_SEASON
    airline = Orders((0, 1, 1), season)
    if len(values) - airline.lost < FEWEST or values.min() <= 0:
        return "none"
    changes = airline.difference(values)
    if changes.std() <= UNCHANGING * values.max():
        return "none"
    try:
        plain, logarithm = climb(values, airline), climb(np.log(values), airline)
    except np.linalg.LinAlgError:
        return "none"
    jacobian = 2 * float(np.log(values[airline.lost :]).sum())
    return "log" if logarithm.aicc + jacobian < plain.aicc + HEAD_START else "none"
