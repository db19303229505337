"""The causal convolution that convolutional networks share: what comes later never reaches what came before."""

from __future__ import annotations

from engine.lazy import torch


def convolve(
    maps: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor | None = None, dilation: int = 1
) -> torch.Tensor:
    """maps (B, D, T), kernel (C, D, K) -> (B, C, T): zeros stand for what came before the first step.

    out[c, t] = bias[c] + sum over k, d of kernel[c, d, k] maps[d, t - (K - 1 - k) dilation]
    """
    padded = torch.nn.functional.pad(maps, ((kernel.shape[-1] - 1) * dilation, 0))  # left only: causal
    return torch.nn.functional.conv1d(padded, kernel, bias, dilation=dilation)
