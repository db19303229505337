"""A causal dilated 1-D convolutional network: layer l sees values 2^(l-1) steps apart, and never the future.

    map_l = relu(conv_l(map_(l-1)));  conv_l[t, c] = b[c] + sum over k, d of kernel[c, d, k] in[t - (K-1-k) 2^(l-1), d]

With gates, the block of van den Oord et al. 2016 (WaveNet, arXiv 1609.03499, eq. 2 and figure 4):

    map_l = tanh(conv_l(x_l)) sigma(conv'_l(x_l));  x_(l+1) = x_l + residual_l map_l;  out = relu(sum of skip_l map_l)

where x_1 mixes the inputs of one time step into channels. Departure: out goes straight to the forecast, not through
two more convolutions. Either way the forecast is read from the last time step.
Receptive field: 1 + (K - 1)(2^layers - 1) values.
"""

from __future__ import annotations

from pydantic import Field

from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.convolving import convolve
from engine.training.head import columns, head_shapes, read_out
from engine.training.model import network_model
from engine.training.network import Ahead, Keep, Network, Tap, Tapped, Weights, untouched
from engine.training.parameters import Shapes, uniform
from engine.training.settings import NetworkSettings


class CNNSettings(NetworkSettings):
    """Decisions of the convolutional network."""

    layers: int = Field(4, ge=1, le=8)
    """How many convolutions lie on top of each other; each sees twice as far as the one below."""
    kernel: int = Field(3, ge=2, le=15)
    """How many values each convolution weighs."""
    gated: bool = False
    """Gates, residual and skip connections in every layer, as in WaveNet."""

    @property
    def receptive_field(self) -> int:
        """How many values, the last one included, the forecast can depend on."""
        return int(1 + (self.kernel - 1) * (2**self.layers - 1))


def shapes(settings: CNNSettings, run: Run) -> Shapes:
    C, K, F = settings.hidden, settings.kernel, columns(run)
    found: dict[str, tuple[int, ...]] = {"mix": (C, F, 1)} if settings.gated else {}
    for layer in range(1, settings.layers + 1):
        if settings.gated:
            found |= {f"kernel.{layer}": (2 * C, C, K), f"b.{layer}": (2 * C,)}
            found |= {f"residual.{layer}": (C, C, 1)} if layer < settings.layers else {}
            found |= {f"skip.{layer}": (C, C, 1)}
        else:
            found |= {f"kernel.{layer}": (C, F if layer == 1 else C, K), f"b.{layer}": (C,)}
    return {**found, **head_shapes(run, C)}


def initial(settings: CNNSettings, run: Run) -> dict[str, Array]:
    of = shapes(settings, run)
    fan_in = {name: shape[1] * shape[2] if len(shape) == 3 else settings.hidden for name, shape in of.items()}
    fan_in |= {name: fan_in[name.replace("b", "kernel")] for name in of if name.startswith("b.")}
    return uniform(of, fan_in, run.seed)


def signals(settings: CNNSettings, run: Run) -> dict[str, Tapped]:  # noqa: ARG001 - every network's are made alike
    return {f"map.{layer}": Tapped("channel", settings.hidden) for layer in range(1, settings.layers + 1)}


def forward(
    settings: CNNSettings, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched, ahead: Ahead | None = None
) -> torch.Tensor:
    """inputs (B, T, F) -> forecast (B, horizon)."""

    def keep(name: str, maps: torch.Tensor) -> torch.Tensor:
        return tap(name, maps.transpose(1, 2)).transpose(1, 2)

    maps = inputs.transpose(1, 2)  # (B, F, T), as conv1d wants it
    maps = (wavenet if settings.gated else stack)(settings, weights, maps, keep)  # (B, C, T)
    return read_out(weights, maps[:, :, -1], ahead)


def stack(settings: CNNSettings, weights: Weights, maps: torch.Tensor, keep: Keep) -> torch.Tensor:
    """(B, F, T) -> (B, C, T)."""
    for layer in range(1, settings.layers + 1):
        kernel, bias = weights[f"kernel.{layer}"], weights[f"b.{layer}"]
        sums = keep(f"preactivation.{layer}", convolve(maps, kernel, bias, 2 ** (layer - 1)))
        maps = keep(f"map.{layer}", torch.relu(sums))
    return maps


def wavenet(settings: CNNSettings, weights: Weights, maps: torch.Tensor, keep: Keep) -> torch.Tensor:
    """(B, F, T) -> (B, C, T)."""
    x, skips = convolve(maps, weights["mix"]), []
    for layer in range(1, settings.layers + 1):
        x = keep(f"stream.{layer}", x)
        both = convolve(x, weights[f"kernel.{layer}"], weights[f"b.{layer}"], 2 ** (layer - 1))  # (B, 2C, T)
        filtered, gate = keep(f"preactivation.{layer}", both).chunk(2, dim=1)
        gated = keep(f"map.{layer}", torch.tanh(filtered) * torch.sigmoid(gate))
        skips.append(convolve(gated, weights[f"skip.{layer}"]))
        if layer < settings.layers:
            x = x + convolve(gated, weights[f"residual.{layer}"])
    return torch.relu(keep("skips", sum(skips[1:], skips[0])))


MODELS = (
    network_model(
        Network(
            "cnn",
            "CNN",
            "Small kernels slide over the window; each layer sees twice as far back as the one below.",
            CNNSettings, shapes, initial, signals, forward, order=30,
        )
    ),
)  # fmt: skip
