"""An estimate in words and plain numbers, as the command line and the SARIMA page show it. Draws nothing."""

from __future__ import annotations

import math
from typing import Any

from engine.estimating.estimate import Estimate


def report(found: Estimate) -> dict[str, Any]:
    """What JSON can say of it: numbers that are not there are None. mean: of the (differenced) values, as R has it."""
    orders = found.orders
    means = dict(zip(("mean", "slope"), zip(found.trend, found.covariance.diagonal(), strict=False), strict=False))
    return {
        "order": list(orders.named_order),
        "seasonal": list(orders.seasonal),
        "trend": orders.trend,
        "coefficients": dict(zip(found.names, found.parameters.tolist(), strict=True)),
        "standard_errors": {n: _number(e) for n, e in zip(found.names, found.errors, strict=True)},
        **{name: float(value) for name, (value, _) in means.items()},
        **{f"{name}_standard_error": _number(math.sqrt(v) if v >= 0 else v) for name, (_, v) in means.items()},
        "loglik": _number(found.loglik),
        "aic": _number(found.aic),
        "aicc": _number(found.aicc),
        "bic": _number(found.bic),
        "scale": found.scale,
        "count": found.count,
        "converged": found.converged,
        "how": found.how,
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
