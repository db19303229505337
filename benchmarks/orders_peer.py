"""statsforecast's AutoARIMA on series in a file: `python -m benchmarks.orders_peer SERIES.npz`, in its environment.

Prints for each series as JSON: seconds of the processor, its orders [p, d, q, P, D, Q], whether there is a constant,
and its own AICc. Run by `benchmarks.orders`.
"""

from __future__ import annotations

import json
import sys
import time
import warnings

import numpy as np
from statsforecast.arima import auto_arima_f  # type: ignore[import-not-found]


def main(file: str) -> None:
    warnings.simplefilter("ignore")
    found = {}
    with np.load(file) as series:
        auto_arima_f(series["lynx"][:40], period=4)  # what is compiled at the first call is compiled now
        for name in series.files:
            if name.startswith("period/"):
                continue
            values, period = series[name], int(series[f"period/{name}"])
            begin = time.process_time()
            fitted = auto_arima_f(values, period=period)
            p, q, P, Q, _, d, D = map(int, fitted["arma"])
            constant = any(key in fitted["coef"] for key in ("intercept", "drift"))
            took = time.process_time() - begin
            found[name] = {
                "seconds": took,
                "orders": [p, d, q, P, D, Q],
                "constant": constant,
                "aicc": float(fitted["aicc"]),
            }
            print(name, found[name], file=sys.stderr, flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
