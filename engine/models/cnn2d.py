"""A small convolutional network for images: twice a convolution and a pooling, then one score per class.

    map_l[c, y, x] = relu(b[c] + sum over d, i, j of kernel[c, d, i, j] pool_(l-1)[d, y + i, x + j])
    pool_l[c, y, x] = the largest of map_l[c, 2y ... 2y + 1, 2x ... 2x + 1];  score = W_y pool_2 + b_y

LeCun et al. 1998 (LeNet) with relu for tanh, the largest for the average, and one dense layer for three. For a lesson
that is worked by hand: it forecasts nothing, so it declares no model.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Decisions
from engine.training.network import Keep, Weights
from engine.training.parameters import Shapes, uniform

LAYERS = 2


class CNN2DSettings(Decisions):
    """Decisions of the image network."""

    height: int = Field(10, ge=4, le=64)
    """Rows of an image."""
    width: int = Field(10, ge=4, le=64)
    """Columns of an image."""
    colours: int = Field(1, ge=1, le=4)
    """Numbers per pixel."""
    channels: int = Field(4, ge=1, le=64)
    """Kernels in each layer."""
    kernel: int = Field(3, ge=1, le=7)
    """Rows and columns of a kernel."""
    classes: int = Field(3, ge=2, le=100)
    """Among how many an image is told."""


def sides(settings: CNN2DSettings) -> list[tuple[int, int]]:
    """Height and width of the maps after each pooling; a row or column that is left over is dropped."""
    found = [(settings.height, settings.width)]
    for _ in range(LAYERS):
        height, width = ((side - settings.kernel + 1) // 2 for side in found[-1])
        found.append((height, width))
    return found[1:]


def shapes(settings: CNN2DSettings) -> Shapes:
    """Raises ValueError where nothing of the image is left after the last pooling."""
    height, width = sides(settings)[-1]
    if min(height, width) < 1:
        raise ValueError(f"kernels of {settings.kernel} leave nothing of {settings.height} x {settings.width}")
    C, K = settings.channels, settings.kernel
    first = {"kernel.1": (C, settings.colours, K, K), "b.1": (C,)}
    second = {"kernel.2": (C, C, K, K), "b.2": (C,)}
    dense = {"W_y": (settings.classes, C * height * width), "b_y": (settings.classes,)}
    return {**first, **second, **dense}


def initial(settings: CNN2DSettings, seed: int) -> dict[str, Array]:
    of: Mapping[str, tuple[int, ...]] = shapes(settings)
    below = {"kernel.1": settings.colours, "kernel.2": settings.channels}
    fan_in = dict.fromkeys(of, of["W_y"][1])
    for name, channels in below.items():
        fan_in |= dict.fromkeys((name, name.replace("kernel", "b")), channels * settings.kernel**2)
    return uniform(of, fan_in, seed)


def forward(
    settings: CNN2DSettings,  # noqa: ARG001 - networks are called alike
    weights: Weights,
    images: torch.Tensor,
    keep: Keep = lambda name, value: value,  # noqa: ARG005
) -> torch.Tensor:
    """images (B, colours, height, width) -> scores (B, classes); their softmax are the probabilities."""
    functional, maps = torch.nn.functional, images
    for layer in range(1, LAYERS + 1):
        maps = keep(
            f"preactivation.{layer}", functional.conv2d(maps, weights[f"kernel.{layer}"], weights[f"b.{layer}"])
        )
        maps = keep(f"map.{layer}", torch.relu(maps))  # (B, C, rows, columns)
        maps = keep(f"pool.{layer}", functional.max_pool2d(maps, 2))  # (B, C, rows / 2, columns / 2)
    return functional.linear(maps.flatten(1), weights["W_y"], weights["b_y"])
