"""How fast is training beside neuralforecast and Darts? `python -m benchmarks.against_peers [--make]`

The same model on the same 7,000 daily points: one layer, window 56, one value ahead, mean squared error, Adam at
1e-3, float32, the same batch and number of updates, one thread. Ours clips gradients and writes the causes of every
update into a run file; theirs train only, with loggers, progress bars, checkpoints and summaries off. One process
per training, in turns; medians of the whole fit, set-up included, imports not.

Measured 2026-11-23, 2 cores (Zen 5), OpenBLAS choosing its own kernels (AVX-512), few neighbours; windows a
second of the processor, and how many times as fast ours is (on the wall):

                    ours   neuralforecast 3.3.0        Darts 0.41.0
LSTM  32 /  32    39,887   10,687  x3.73 (x3.51)    13,935  x2.86 (x2.72)
RNN   32 /  32    73,625    9,114  x8.08 (x5.76)     9,945  x7.40 (x5.61)
LSTM 128 / 256     7,037    3,265  x2.16 (x2.19)     3,392  x2.07 (x1.83)
RNN  128 / 256    27,278    8,213  x3.32 (x3.23)     8,255  x3.30 (x3.20)

The wall clock includes what the neighbours and the disk took. With OPENBLAS_CORETYPE=Haswell and busy
neighbours: LSTM x2.67 and x2.30, RNN x7.21 and x7.05, LSTM 128 x1.32 and x1.27.

Measured 2026-11-24 with whole updates compiled, a processor with AVX2 alone, medians of 3 rounds, load 4 to 9:

RNN   32 /  32    44,100    1,981  x22.3 (x19.8)     2,430  x18.2 (x16.1)

The peers need pandas < 3: `--make` gives them an environment in ~/.cache/unrolled/peers, with the same torch.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.measuring import Took, median

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path.home() / ".cache" / "unrolled" / "peers"
THEIRS = PEERS / "env" / "bin" / "python"
TORCH = "torch==2.13.0"  # first and alone, so that the build is the one that the package index here offers
NEEDED = ["neuralforecast==3.3.0", "darts==0.41.0", "pandas<3", TORCH]
PROGRAMS = {"ours": Path(sys.executable), "neuralforecast": THEIRS, "darts": THEIRS}
CASES = [("lstm", 32, 32, 1500), ("rnn", 32, 32, 1500), ("lstm", 128, 256, 60), ("rnn", 128, 256, 120)]
ROUNDS = 5


def make() -> None:
    venv.create(PEERS / "env", with_pip=True)
    for packages in ([TORCH], NEEDED):
        subprocess.run([THEIRS, "-m", "pip", "install", "--quiet", *packages], check=True)


def timed(name: str, model: str, *sizes: int) -> Took:
    command = [PROGRAMS[name], "-m", "benchmarks.peer", name, model, *map(str, sizes)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return Took(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    print("windows a second of the processor (of the wall); how many times as fast ours is")
    for model, hidden, batch, updates in CASES:
        times: dict[str, list[Took]] = {name: [] for name in PROGRAMS}
        for round_ in range(ROUNDS):
            for name in random.Random(round_).sample(list(PROGRAMS), len(PROGRAMS)):
                times[name].append(timed(name, model, hidden, batch, updates))
        print(f"\n{model}, hidden {hidden}, batch {batch}, {updates} updates")
        ours = median(times["ours"])
        for name, found in times.items():
            t = median(found)
            speed = f"{batch * updates / t.processor:9.0f} ({batch * updates / t.wall:.0f})"
            print(f"  {name:16} {speed:20} x{t.processor / ours.processor:.2f} (x{t.wall / ours.wall:.2f})")


if __name__ == "__main__":
    if "--make" in sys.argv:
        make()
    main()
