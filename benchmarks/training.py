"""How fast does training go, and what does recording cost? `python -m benchmarks.training`

Windows a second of RNN, LSTM and LayerNorm-LSTM: window 56, 7,000 daily points, one thread, gradients clipped.
"recorded": the causes of every update (weights, norms, loss, the optimiser's memory) written into a run file.
"nothing": the same loop that makes no Frame at all; it measures validation, which is training's own. "torch's
LSTM": the same loop around torch.lstm, its fused one.

2026-11-23, two cores of an AMD EPYC, little other work, OpenBLAS with its kernels for AVX-512, which it
takes by itself; processor ms an update, compiled and recorded, compiled and nothing, plain and nothing:
hidden 32, batch 32: RNN 0.42, 0.36, 1.55; LSTM 0.77, 0.68, 4.89; LayerNorm-LSTM 1.05, 0.94, 6.29; torch's LSTM 0.92.
hidden 128, batch 256: RNN 10.6, 10.1, 23.8; LSTM 37.1, 35.5, 92.2; LayerNorm-LSTM 44.1, 43.0, 101.5; torch's 41.4.
With OPENBLAS_CORETYPE=Haswell, as processors without AVX-512 have it, and other work on the machine: LSTM 1.20, 1.09,
5.29, torch's 0.99; at the large size 60.8, 59.5, 95.4, torch's 42.7: there torch's fused LSTM is the faster one.
Recording, 2026-11-24, another processor, less than half as quick, with other work on the machine: 8 % of the RNN
(0.08 ms of 1.00) and 6 % of the LSTM (0.12 ms of 1.97) at the small size, 2 and 1 % at the large one.
Later that day, that processor again but quiet, with frames copied through views made once: 5.8 % of the RNN (1.12 ms
recorded, 1.06 not) and 0.8 % of the LSTM (2.25 and 2.23) at the small size, LayerNorm-LSTM 4.6 and 9.9 % in two runs;
at the large one 0.9, 2.7 and 1.1 %.
All of these are of the path "compiled". Beside it in interleaved runs of that evening, the same processor with AVX2
alone under load 4 to 11, processor ms an update recorded and not, "compiled" and "fused", in two sittings: RNN 2.58,
2.17 and 0.91, 0.77; 3.86, 3.32 and 1.28, 1.00; LSTM 4.23, 4.16 and 2.48, 2.22; 5.69, 5.08 and 2.81, 2.71; at the large
size LSTM 136, 144 and 130, 123. Recording takes what it took, so that its share of a shorter update is larger: an RNN's
19 and 28 % under that load, where copies and commits suffer most.
Later, the same processor but quiet, hidden 32, fused and recorded, fused and nothing, plain and nothing: RNN 0.54,
0.46, 3.61; LSTM 1.50, 1.38, 11.7; LayerNorm-LSTM 1.89, 1.76, 16.8; torch's LSTM 3.15. Recording: 16.2, 8.6 and 7.3 %.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

import torch

from benchmarks.fitting import a_run, begun, forgetting, keeping, network, recorder, series
from benchmarks.measuring import interleaved

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "RNN": ("rnn", {}),
    "LSTM": ("lstm", {}),
    "LayerNorm-LSTM": ("lstm", {"layer_norm": True}),
}
SIZES = ((32, 32, 200), (128, 256, 12))  # hidden, batch, updates a round
ROUNDS = 9


def fused(settings: Any, weights: Any, inputs: torch.Tensor, tap: Any = None, *_: Any) -> torch.Tensor:  # noqa: ARG001
    """The LSTM's forward pass by torch's own fused kernel."""
    zeros = inputs.new_zeros(1, len(inputs), settings.hidden)
    b = weights["b.1"]
    layer = [weights["W_x.1"], weights["W_h.1"], b, torch.zeros_like(b)]
    _, h, _ = torch.lstm(inputs, (zeros, zeros), layer, True, 1, 0.0, True, False, True)
    return torch.nn.functional.linear(h[0], weights["W_y"], weights["b_y"])


def measure(hidden: int, batch: int, updates: int) -> None:
    of, cases = series(), {}
    with contextlib.ExitStack() as open_files:
        for name, (model, own) in CASES.items():
            run = a_run(of, model, hidden, batch, **own)
            file, _ = open_files.enter_context(recorder(of, run))
            cases[f"{name}, recorded"] = keeping(begun("fused", of, run), updates, file)
            cases[f"{name}, nothing"] = forgetting(begun("fused", of, run), updates)
            cases[f"{name}, plain path, nothing"] = forgetting(begun("plain", of, run), updates)
        run = a_run(of, "lstm", hidden, batch)
        theirs = dataclasses.replace(network("lstm"), forward=fused)
        cases["torch's LSTM, nothing"] = forgetting(begun("plain", of, run, theirs), updates)
        times = interleaved(cases, ROUNDS)
    print(f"\nhidden {hidden}, batch {batch}: processor ms an update, wall ms, windows a second (processor)")
    for name, t in times.items():
        each = t.processor / updates
        print(f"  {name:36} {each * 1e3:8.3f} {t.wall / updates * 1e3:8.3f} {batch / each:9.0f}")
    for name in CASES:
        cost = times[f"{name}, recorded"].processor / times[f"{name}, nothing"].processor - 1
        print(f"  recording {name}: {cost:+.1%}")
    ratio = times["LayerNorm-LSTM, nothing"].processor / times["torch's LSTM, nothing"].processor
    print(f"  LayerNorm-LSTM takes {ratio:.2f} of the time of torch's LSTM without norm")


if __name__ == "__main__":
    for size in SIZES:
        measure(*size)
