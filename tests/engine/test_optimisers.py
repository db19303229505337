"""Optimisers and clipping against torch's and against their formula."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.training.optimisers import OPTIMISERS, clip


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("sgd", lambda p: torch.optim.SGD(p, 0.03)),
        ("momentum", lambda p: torch.optim.SGD(p, 0.03, momentum=0.9)),
        ("adam", lambda p: torch.optim.Adam(p, 0.03)),
    ],
)
def test_optimisers_agree_with_torchs(name, theirs):
    torch.manual_seed(0)
    weights = torch.randn(20)
    peer = weights.clone().requires_grad_()
    ours, other = OPTIMISERS[name](weights), theirs([peer])
    for update in range(1, 30):
        gradient = torch.randn(20)
        peer.grad = gradient.clone()
        ours.step(weights, gradient, 0.03, update)
        other.step()
        torch.testing.assert_close(weights, peer.detach(), rtol=1e-5, atol=1e-6)


@given(scale=st.floats(1e-3, 1e3), threshold=st.floats(1e-3, 1e3))
def test_clipping_multiplies_by_threshold_over_norm_or_by_one(scale, threshold):
    gradient = torch.linspace(-1, 2, 7) * scale
    norm = gradient.norm().item()
    factor = clip(gradient, norm, threshold)
    assert factor == min(1.0, threshold / norm)
    assert gradient.norm().item() == pytest.approx(min(norm, threshold), rel=1e-5)
