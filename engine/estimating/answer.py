"""What a study of a series by SARIMA finds: report, equation, diagnostics, weights, forecast, the filter's walk."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.errors import Lesson
from engine.estimating.ahead import one_step
from engine.estimating.diagnostics import diagnose
from engine.estimating.equation import equation
from engine.estimating.estimate import Estimate, estimate
from engine.estimating.orders import Floats
from engine.estimating.report import report
from engine.estimating.roots import inverse_roots
from engine.estimating.search import Search
from engine.estimating.study import Asked, Study
from engine.estimating.walking import walk
from engine.estimating.weights import pi_weights, psi_weights
from engine.forecasters.sarima import FittedSarima, transformed
from engine.models.sarima import orders as decided
from engine.nouns.frame import Array
from engine.nouns.series import Series

LEVEL = 90.0
SHOWN = 20  # of the orders that were tried


def work(study: Study) -> None:
    """Answer it, and leave what was found in its folder."""
    asked, series = study.asked, study.series
    try:
        values = transformed(series, asked.transform)
        if asked.auto:
            found, tried, stopped = _searched(study, values, asked.period or series.period)
        else:
            found, tried, stopped = estimate(values, decided(asked, series.period)), [], False
        if not found.scale:
            raise Lesson(
                "Every value of this series follows from those before it without an error.",
                "What is studied here is what a formula leaves over.",
                "Forecast it on the Compare page, or choose a series with errors.",
            )
        said, arrays = answer(found, asked, series, values, tried)
        study.keep({**said, "stopped": stopped}, arrays)
    except Lesson as lesson:
        study.refuse(lesson)


def _searched(study: Study, values: Floats, period: int) -> tuple[Estimate, list[dict[str, Any]], bool]:
    """The best, all that were tried, the best first, and whether it was stopped before its end."""
    stopped = False
    search = Search(values, period, study.asked.thorough)
    for _ in search.run():
        best = min(search.tried.values(), key=lambda one: one.aicc)
        study.tell({"tried": len(search.tried), "best": str(best.orders), "aicc": best.aicc if best.peak else None})
        if study.cancelled() and best.aicc < float("inf"):
            stopped = True
            break
    ranked = sorted(search.tried.values(), key=lambda one: one.aicc)
    tried = [{"orders": str(t.orders), "AICc": None if t.why else t.aicc, "refused because": t.why} for t in ranked]
    return search.best(), [{**one, "place": place} for place, one in enumerate(tried, 1)], stopped


def answer(
    found: Estimate, asked: Asked, series: Series, values: Floats, tried: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Words for JSON, and arrays by name."""
    orders = found.orders
    expected, spread = one_step(found, values)
    standardised = (values - expected) / spread
    season = max(orders.seasonal[3], 1)
    lags = int(min(max(24, 2 * season + 2), 60, len(values) // 2))
    checks = diagnose(standardised, orders.lags, lags)
    ahead = FittedSarima(found, asked.transform).forecast(series, asked.horizon, [LEVEL])
    low, high = ahead.intervals[LEVEL]
    letters, numbers = equation(found, asked.transform)
    walked = walk(found, values)
    roots = {f"roots/{name}": np.array([one.real, one.imag]) for name, one in inverse_roots(orders, found.lags).items()}
    steps = {} if walked is None else {
        f"walk/{name}": getattr(walked, name)
        for name in ("predicted", "expected", "innovation", "variance", "gain", "updated")
    }  # fmt: skip
    arrays = {
        "standardised": standardised, "autocorrelation": checks.autocorrelation, "p_values": checks.p_values,
        "normal": checks.normal, "sorted": checks.sorted, "pi": pi_weights(orders, found.lags, lags),
        "psi": psi_weights(orders, found.lags, lags), "point": ahead.point, "low": low, "high": high,
        "values": values, **roots, **steps,
    }  # fmt: skip
    said = {
        "report": report(found), "orders": str(orders), "letters": letters, "numbers": numbers, "tried": tried,
        "band": checks.band, "states": walked.names if walked else (), "level": LEVEL,
    }  # fmt: skip
    return said, arrays
