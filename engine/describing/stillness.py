"""Whether a series stands still: two tests that doubt opposite things, and what they say together.

ADF (Said and Dickey 1984) doubts that there is a unit root: a small p says the level is returned to. KPSS (Kwiatkowski
et al. 1992) doubts that the level is fixed: a small p says it is not. Both by statsmodels, with a constant.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

from engine.describing.stretch import Floats

LEVEL = 0.05
TABLE = (0.01, 0.1)  # KPSS's table of p ends here


class Stillness(NamedTuple):
    """statistic, p, lags of each; a p of KPSS at an end of its table is at most, or at least, that."""

    adf: float
    adf_p: float
    adf_lags: int
    kpss: float
    kpss_p: float
    kpss_lags: int


def stillness(values: Floats) -> Stillness:
    """values: (n,), none missing, not all the same."""
    from statsmodels.tools.sm_exceptions import InterpolationWarning
    from statsmodels.tsa.stattools import adfuller, kpss

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterpolationWarning)  # the end of the table is said in words
        root, root_p, root_lags = adfuller(values, regression="c", autolag="AIC", result_object=False)[:3]
        level, level_p, level_lags = kpss(values, regression="c", nlags="auto", result_object=False)[:3]
    return Stillness(float(root), float(root_p), int(root_lags), float(level), float(level_p), int(level_lags))


def sentence(found: Stillness) -> str:
    """What the two say together, in each of the four cases."""
    rejects_root, rejects_level = found.adf_p < LEVEL, found.kpss_p < LEVEL
    if rejects_root and not rejects_level:
        return (
            "Both say that it stands still: ADF finds no unit root, and KPSS finds no fault with a fixed level. "
            "No difference is needed."
        )
    if not rejects_root and rejects_level:
        return (
            "Both say that it wanders: ADF cannot rule out a unit root, and KPSS rules out a fixed level. "
            "Take a difference, a seasonal one first where there is a season, and look again."
        )
    if rejects_root and rejects_level:
        return (
            "They disagree: ADF finds no unit root, yet KPSS rules out a fixed level. Such is a trend or a break that "
            "it returns to, or a season that repeats: take a seasonal difference or the trend out, and look again."
        )
    return (
        "They cannot tell: ADF cannot rule out a unit root, and KPSS finds no fault with a fixed level. "
        "There are too few values, or too much noise; compare forecasts with and without a difference."
    )


def in_words(found: Stillness) -> tuple[str, str]:
    """Each test in one line."""
    at = {TABLE[0]: "at most ", TABLE[1]: "at least "}.get(found.kpss_p, "")
    return (
        f"ADF {found.adf:.3f}, p = {found.adf_p:.3g} with {found.adf_lags} lags",
        f"KPSS {found.kpss:.3f}, p {'is ' + at if at else '= '}{found.kpss_p:.3g} with {found.kpss_lags} lags",
    )
