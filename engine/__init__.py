"""The engine, and what `import engine` offers of it: loaded at its first use, so that importing it stays light.

Imported before all its parts, it settles what OpenBLAS asks only once. docs/api.md describes what is offered.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

# Read when scipy loads OpenBLAS. Two threads collapse as soon as a browser uses the other core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from engine.comparing.asking import backtest, backtests, forecast, leaks, recommend
    from engine.opening import series_of as read

_OFFERED = {
    "backtest": ("engine.comparing.asking", "backtest"),
    "backtests": ("engine.comparing.asking", "backtests"),
    "forecast": ("engine.comparing.asking", "forecast"),
    "leaks": ("engine.comparing.asking", "leaks"),
    "read": ("engine.opening", "series_of"),
    "recommend": ("engine.comparing.asking", "recommend"),
}
"""Each name, and where it is. A subpackage must not have one of these names: importing it would take its place."""

__all__ = ["backtest", "backtests", "forecast", "leaks", "read", "recommend"]


def __getattr__(name: str) -> Any:
    if name not in _OFFERED:
        raise AttributeError(f"engine offers no “{name}”; it offers {', '.join(_OFFERED)}")
    module, attribute = _OFFERED[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *_OFFERED])
