"""One training, ours or a peer's, in its own process: `python -m benchmarks.peer NAME MODEL HIDDEN BATCH UPDATES`.

Prints its seconds as JSON, set-up of the fit included, imports not. Run by `benchmarks.against_peers`; each peer is
imported where it is used, since ours and theirs live in different environments. Their loggers, progress bars,
checkpoints and summaries are off.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.measuring import daily, took

WINDOW, LEARNING_RATE = 56, 1e-3
QUIET: dict[str, Any] = {
    "logger": False, "enable_progress_bar": False, "enable_checkpointing": False, "enable_model_summary": False,
    "accelerator": "cpu",
}  # fmt: skip


def ours(model: str, hidden: int, batch: int, updates: int) -> Callable[[], object]:
    """The causes of every update are written into a run file; gradients are clipped."""
    from benchmarks.fitting import a_run, begun, keeping, recorder, series
    from engine.contract import models

    of = series()
    run = a_run(of, model, hidden, batch, updates=updates)
    begun("fused", of, run)  # kernels are loaded, as peers are imported

    def fit() -> None:
        with recorder(of, run) as (file, _):
            keeping(models()[model].fit(run, of), updates + 1, file)()

    return fit


def neuralforecast(model: str, hidden: int, batch: int, updates: int) -> Callable[[], object]:
    import pandas as pd
    from neuralforecast import NeuralForecast
    from neuralforecast.losses.pytorch import MSE
    from neuralforecast.models import LSTM, RNN

    of = daily()
    frame = pd.DataFrame({"unique_id": "daily", "ds": of.index, "y": of.to_numpy()})
    sizes = {"encoder_n_layers": 1, "encoder_hidden_size": hidden, "decoder_layers": 1, "decoder_hidden_size": hidden}
    net = {"lstm": LSTM, "rnn": RNN}[model](
        h=1, input_size=WINDOW, **sizes, max_steps=updates, learning_rate=LEARNING_RATE, loss=MSE(), batch_size=1,
        windows_batch_size=batch, scaler_type="identity", val_check_steps=updates + 1, **QUIET,
    )  # fmt: skip
    return lambda: NeuralForecast(models=[net], freq="D").fit(frame)


def darts(model: str, hidden: int, batch: int, updates: int) -> Callable[[], object]:
    import numpy as np
    from darts import TimeSeries
    from darts.models import BlockRNNModel

    of = TimeSeries.from_series(daily()).astype(np.float32)
    trainer = {**QUIET, "max_steps": updates, "max_epochs": -1}
    net = BlockRNNModel(
        WINDOW, 1, model=model.upper(), hidden_dim=hidden, n_rnn_layers=1, batch_size=batch, random_state=0,
        optimizer_kwargs={"lr": LEARNING_RATE}, pl_trainer_kwargs=trainer,
    )  # fmt: skip
    return lambda: net.fit(of)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    name, model, *sizes = sys.argv[1:]
    fit = {"ours": ours, "neuralforecast": neuralforecast, "darts": darts}[name](model, *map(int, sizes))
    import torch

    torch.set_num_threads(1)
    logging.disable(logging.WARNING)
    time = took(fit)
    print(json.dumps({"processor": time.processor, "wall": time.wall}))
