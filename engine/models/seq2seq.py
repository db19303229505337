"""The encoder-decoder: one recurrent network reads the window, another writes the forecast, value after value.

    encoder: s = its state after x_1 ... x_T;  decoder: d_0 = s, d_j = cell(y_(j-1), d_(j-1)), y_j = W_y d_j + b_y

Sutskever et al. 2014 (arXiv 1409.3215), for numbers as they are for words. y_0 is the last value of the window. After
that the decoder is fed its own output; while training, at some updates, the truth in its place (teacher forcing,
Williams and Zipser 1989), drawn for a whole update: scheduled sampling (Bengio et al. 2015, arXiv 1506.03099) draws it
for each value. Vector-to-sequence: no encoder, d_0 = tanh(W_0 x + b_0) with the window as one vector x.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from engine.lazy import torch
from engine.models.cells import chosen
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.head import columns
from engine.training.model import network_model
from engine.training.network import Ahead, Network, Tap, Tapped, Weights, untouched
from engine.training.parameters import Shapes
from engine.training.recurrent import Cell, State, drawn, keeping, layer_shapes, layer_signals, of_layer, unroll
from engine.training.settings import NetworkSettings


class Seq2SeqSettings(NetworkSettings):
    """Decisions of the encoder-decoder."""

    topology: Literal["encoder-decoder", "vector-to-sequence"] = "encoder-decoder"
    """How the decoder learns of the window: from an encoder's last state, or from one layer that sees it whole."""
    cell: Literal["lstm", "gru", "rnn"] = "gru"
    """What encoder and decoder are made of."""
    teacher_forcing: float = Field(0.5, ge=0, le=1)
    """At which share of the updates the decoder is fed the true values and not its own; never when it is judged."""
    record_gates: bool = False
    """Record the gates beside the states at every update; the run file grows about threefold."""

    @property
    def truth_fed(self) -> float:
        return self.teacher_forcing

    @property
    def encodes(self) -> bool:
        return self.topology == "encoder-decoder"


def shapes(settings: Seq2SeqSettings, run: Run) -> Shapes:
    cell, own = chosen(settings)
    H, vector = settings.hidden, run.window * columns(run)
    first = (
        _prefixed("encoder_", layer_shapes(cell, own, columns(run)))
        if settings.encodes
        else {"W_0": (settings.layers * len(cell.states) * H, vector), "b_0": (settings.layers * len(cell.states) * H,)}
    )
    decoder = _prefixed("decoder_", layer_shapes(cell, own, 1 + len(run.known_ahead)))
    return {**first, **decoder, "W_y": (1, H), "b_y": (1,)}


def initial(settings: Seq2SeqSettings, run: Run) -> dict[str, Array]:
    of = shapes(settings, run)
    fan_in = dict.fromkeys(of, settings.hidden)
    fan_in |= {} if settings.encodes else dict.fromkeys(("W_0", "b_0"), run.window * columns(run))
    sides = ("encoder_", "decoder_") if settings.encodes else ("decoder_",)
    return drawn({side: chosen(settings) for side in sides}, of, fan_in, run.seed)


def signals(settings: Seq2SeqSettings, run: Run) -> dict[str, Tapped]:
    def side(name: str, along: Literal["time", "step ahead"]) -> dict[str, Tapped]:
        return {renamed(name, key): tapped for key, tapped in layer_signals(*chosen(settings), along).items()}

    first = side("encoder", "time") if settings.encodes else {"window": Tapped("column", columns(run))}
    return {**first, **side("decoder", "step ahead")}


def forward(
    settings: Seq2SeqSettings, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched, ahead: Ahead | None = None
) -> torch.Tensor:
    """inputs (B, T, F) -> forecast (B, horizon); the horizon is that of `ahead`."""
    if ahead is None:
        raise ValueError("a decoder has to be told how far ahead it is to forecast")
    cell, own = chosen(settings)
    if settings.encodes:
        _, states = unroll(cell, own, weights, inputs, under("encoder", tap), "encoder_")
    else:
        vector = tap("window", inputs).flatten(1)  # (B, T F)
        start = torch.tanh(torch.nn.functional.linear(vector, weights["W_0"], weights["b_0"]))
        parts = start.chunk(settings.layers * len(cell.states), dim=-1)  # each (B, H)
        states = list(zip(*[iter(parts)] * len(cell.states), strict=True))
        states = [(tap(f"decoder_start.{layer}", h), *more) for layer, (h, *more) in enumerate(states, 1)]
    return decode(cell, own, weights, states, inputs[:, -1, :1], ahead, under("decoder", tap))


def decode(
    cell: Cell, own: Any, weights: Weights, states: Iterable[State], value: torch.Tensor, ahead: Ahead, tap: Tap
) -> torch.Tensor:
    """From each layer's state and the last value (B, 1) to the forecast (B, horizon), one value at a time.

    Beside the value before, a step is fed the covariates that are known ahead for its own time.
    """
    linear, states, forecast = torch.nn.functional.linear, list(states), []
    layers = [of_layer(cell, own, weights, layer, "decoder_") for layer in range(1, own.layers + 1)]
    for j in range(ahead.known.shape[1]):
        h = tap("fed", torch.cat([value, ahead.known[:, j]], dim=-1), j)
        for number, layer in enumerate(layers):
            z = linear(h, layer["W_x"], layer["b"])
            states[number] = cell.step(own, layer, z, states[number], keeping(tap, number + 1, j))
            h = states[number][0]  # (B, H)
        forecast.append(linear(h, weights["W_y"], weights["b_y"]))  # (B, 1)
        value = forecast[-1] if ahead.truth is None else ahead.truth[:, j : j + 1]
    return torch.cat(forecast, dim=-1)


def under(side: str, tap: Tap) -> Tap:
    """The tap as the layers of one side see it."""
    return lambda name, value, t=None: tap(renamed(side, name), value, t)


def renamed(side: str, name: str) -> str:
    """ "hidden.1" of the encoder is "encoder.1", its "cell.1" is "encoder_cell.1"."""
    kind, _, layer = name.partition(".")
    return f"{side}.{layer}" if kind == "hidden" else f"{side}_{name}"


def _prefixed(prefix: str, of: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {prefix + name: shape for name, shape in of.items()}


MODELS = (
    network_model(
        Network(
            "seq2seq",
            "Encoder-decoder",
            "One recurrent network reads the window, a second one writes the forecast, each value from the one before.",
            Seq2SeqSettings, shapes, initial, signals, forward, order=45,
        )
    ),
)  # fmt: skip
