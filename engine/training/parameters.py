"""All weights of a network in one flat buffer, so that recording them is one copy. Knows no model."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from engine.lazy import torch
from engine.nouns.frame import Array

Shapes = Mapping[str, tuple[int, ...]]


class Parameters:
    """Named views into one flat float32 buffer and into one buffer of gradients.

    flat, gradient: (P,). views: leaf tensors by name, each with its gradient already in place, so that
    backward() adds into `gradient` and the optimiser works on two vectors.
    """

    def __init__(self, shapes: Shapes, start: Array, device: torch.device) -> None:
        self.flat = torch.from_numpy(np.array(start, np.float32)).to(device)
        self.gradient = torch.zeros_like(self.flat)
        self.views = {name: view.detach().requires_grad_() for name, view in split(self.flat, shapes).items()}
        self.gradients = split(self.gradient, shapes)
        for name, view in self.views.items():
            view.grad = self.gradients[name]
        self.copy = copier(self.flat)
        """The weights now, (P,)."""

    def norms(self) -> dict[str, float]:
        """The norm of each parameter's gradient."""
        norms = torch.stack(torch._foreach_norm(list(self.gradients.values())))
        return dict(zip(self.gradients, norms.tolist(), strict=True))


def copier(tensor: torch.Tensor) -> Callable[[], Array]:
    """What copies the numbers that stand in a tensor whenever it is called; the tensor changes in place alone.

    On the CPU `.numpy()` shares memory with the tensor: one such view, made once, is all that a copy needs.
    """
    if tensor.device.type == "cpu":
        return tensor.detach().numpy().copy
    return lambda: np.array(tensor.detach().cpu().numpy())


def split(flat: torch.Tensor, shapes: Shapes) -> dict[str, torch.Tensor]:
    """The last axis of `flat` (..., P) cut into named parts, each reshaped: views, no copies."""
    sizes = [math.prod(shape) for shape in shapes.values()]
    parts = torch.split(flat, sizes, dim=-1)
    lead = flat.shape[:-1]
    return {name: part.view(*lead, *shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}


def uniform(shapes: Shapes, fan_in: Mapping[str, int], seed: int) -> dict[str, Array]:
    """Initial weights: uniform in +-1/sqrt(fan in), torch's own choice for recurrent layers."""
    random = np.random.default_rng([seed, 0])
    return {
        name: random.uniform(-1, 1, shape).astype(np.float32) / np.float32(math.sqrt(fan_in[name]))
        for name, shape in shapes.items()
    }


def as_keras(shapes: Shapes, recurrent: str, seed: int) -> dict[str, Array]:
    """Initial weights as Keras draws them: biases 0, matrices named `recurrent` orthogonal, others Glorot's.

    Glorot and Bengio 2010, eq. 16: uniform in +-sqrt(6 / (rows + columns)). Saxe et al. 2013: the Q of a QR
    decomposition of normal numbers.
    """
    random = np.random.default_rng([seed, 0])
    found = {}
    for name, shape in shapes.items():
        if len(shape) < 2:
            drawn = np.zeros(shape)
        elif name.partition(".")[0].endswith(recurrent):
            q, r = np.linalg.qr(random.normal(size=shape))
            drawn = q * np.sign(np.diag(r))  # else the signs would be LAPACK's choice
        else:
            drawn = random.uniform(-1, 1, shape) * math.sqrt(6 / sum(shape))
        found[name] = drawn.astype(np.float32)
    return found
