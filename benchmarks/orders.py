"""How good and how quick is the search for orders? `python -m benchmarks.orders [--make]`

Against statsforecast's AutoARIMA, each series once, on the clock of the process. AICc is compared by one exact
evaluator: ours, with the differences that statsforecast took, beside its orders fitted exactly from several starts.
Loading and compiling are not counted for either.

Measured 2026-11-24, 2 cores (Zen 5), load 8 to 15: 16 series x7.2 as quick (geometric mean, least x3.5), AICc no worse
on 15, thorough on 15 in 10.7 s of their 13.0 s. The 16th is austres: their orders fitted exactly have a seasonal AR
root of .99996 against an MA root of .9955, which is refused here. Beside such a line stands what any search could have
found: of all orders of at most six lags (austres: 139) the lowest AICc that is not refused is the one that ours has.
A quieter hour: 7,000 days x5.7, 1,000 hours x17.

statsforecast needs pandas < 3: `--make` gives it an environment in ~/.cache/unrolled/statsforecast, and pmdarima
for two of its series.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
import venv
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.sixteen import Values, large, sixteen
from engine.errors import Lesson
from engine.estimating.climbing import climb
from engine.estimating.estimate import Estimate, estimate
from engine.estimating.orders import NO_SEASON, Orders
from engine.estimating.roots import refusal
from engine.estimating.search import Search
from engine.kernels import path

PEERS = Path.home() / ".cache" / "unrolled" / "statsforecast"
MOST_LAGS = 6  # in all, of orders that are all tried where theirs are refused


def make() -> None:
    venv.create(PEERS, with_pip=True)
    subprocess.run([PEERS / "bin/python", "-m", "pip", "install", "-q", "statsforecast==2.1.1"], check=True)
    command = [PEERS / "bin/python", "-m", "pip", "install", "-q", "--no-deps", "pmdarima==2.1.1"]
    subprocess.run(command, check=True)


def theirs(series: dict[str, tuple[Values, int]]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        arrays = {name: values for name, (values, _) in series.items()}
        periods = {f"period/{name}": np.array(period) for name, (_, period) in series.items()}
        np.savez(file, **arrays, **periods)
        file.flush()
        command = [PEERS / "bin/python", "-m", "benchmarks.orders_peer", file.name]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(said))


def searched(values: Values, period: int, thorough: bool) -> tuple[Estimate, float]:
    """The winner, and seconds of the processor."""
    begin = time.process_time()
    search = Search(values, period, thorough)
    for _ in search.run():
        pass
    return search.best(), time.process_time() - begin


def refitted(values: Values, period: int, peer: dict[str, Any]) -> Estimate:
    p, d, q, P, D, Q = peer["orders"]
    seasonal = (P, D, Q, period) if P + D + Q else NO_SEASON
    return estimate(values, Orders((p, d, q), seasonal, "c" if peer["constant"] else "n"))


def lowest(values: Values, period: int, like: Orders) -> str:
    """The lowest AICc of all orders of few lags that are not refused, differenced as `like` is; a sentence."""
    (_, d, _), (_, D, _, _), found = like.order, like.seasonal, []
    shapes = [shape for shape in product(range(6), range(6), range(3), range(3)) if sum(shape) <= MOST_LAGS]
    for (p, q, P, Q), trend in product(shapes, ("c", "n") if d + D <= 1 else ("n",)):
        orders = Orders((p, d, q), (P, D, Q, period) if P or D or Q else NO_SEASON, trend)
        with contextlib.suppress(Lesson, np.linalg.LinAlgError):
            peak = climb(values, orders, own=3)
            if not refusal(orders, orders.constrain(peak.point)):
                found.append((peak.aicc, orders))
    aicc, orders = min(found, key=lambda one: one[0])
    return f"the lowest that any search could find, {orders}, is at {aicc:.2f}"


def row(name: str, values: Values, period: int, peer: dict[str, Any]) -> tuple[float, float, float, float]:
    """AICc less theirs, quick and thorough, and how many times as quick."""
    bar = refitted(values, period, peer)
    (quick, short), (best, long) = (searched(values, period, thorough) for thorough in (False, True))
    taken = [(one.orders.order[1], one.orders.seasonal[1]) for one in (bar, quick)]
    note = "" if taken[0] == taken[1] else f"  differences {taken[1]}, theirs {taken[0]}: not to be compared"
    refused = refusal(bar.orders, bar.lags)
    if refused:
        note += f"  theirs, {bar.orders} at {bar.aicc:.2f}, is refused here: {refused} Thorough is at {best.aicc:.2f}, "
        note += lowest(values, period, bar.orders)
    ours = f"{quick.orders!s:44} {quick.aicc - bar.aicc:+9.2f} x{peer['seconds'] / short:5.1f}"
    longer = f"{best.orders!s:44} {best.aicc - bar.aicc:+9.2f} {long:6.2f} s of {peer['seconds']:.2f} s"
    print(f"{name:14} {ours} | {longer}{note}")
    return quick.aicc - bar.aicc, best.aicc - bar.aicc, peer["seconds"] / short, long


def main() -> None:
    if "--make" in sys.argv:
        make()
    path.make_ready()
    searched(sixteen(PEERS)["lynx"][0], 4, False)
    few, many = sixteen(PEERS), large()
    peers = theirs({**few, **many})
    rows = [row(name, *series, peers[name]) for name, series in few.items()]
    quick, thorough, ratios, seconds = map(np.array, zip(*rows, strict=True))
    print(f"\n16 series: x{np.exp(np.log(ratios).mean()):.1f} as quick (geometric mean, least x{ratios.min():.1f})")
    print(f"AICc no worse on {np.sum(quick < 0.01)}, thorough on {np.sum(thorough < 0.01)}")
    print(f"thorough {seconds.sum():.1f} s in all, theirs {sum(peers[name]['seconds'] for name in few):.1f} s\n")
    for name, series in many.items():
        row(name, *series, peers[name])


if __name__ == "__main__":
    main()
