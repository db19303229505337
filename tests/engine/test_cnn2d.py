"""The image network against torch's own layers and against plain loops, with random weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.models import cnn2d

sizes = {"height": st.integers(8, 13), "width": st.integers(8, 13), "colours": st.integers(1, 3)}


def made(seed, **chosen):
    settings = cnn2d.CNN2DSettings(channels=2, kernel=2, **chosen)
    weights = {name: torch.tensor(w, dtype=torch.float64) for name, w in cnn2d.initial(settings, seed).items()}
    shape = (2, settings.colours, settings.height, settings.width)
    images, seen = torch.tensor(np.random.default_rng(seed).normal(size=shape)), {}
    scores = cnn2d.forward(settings, weights, images, lambda name, value: seen.setdefault(name, value))
    return settings, weights, images, scores, seen


@given(seed=st.integers(0, 999), **sizes)
def test_it_equals_torchs_layers(seed, height, width, colours):
    settings, weights, images, scores, _ = made(seed, height=height, width=width, colours=colours)
    nn = torch.nn
    theirs = nn.Sequential(
        nn.Conv2d(colours, 2, 2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(2, 2, 2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.LazyLinear(settings.classes),
    ).double()  # fmt: skip
    theirs(images)
    with torch.no_grad():
        for parameter, weight in zip(theirs.parameters(), weights.values(), strict=True):
            parameter.copy_(weight)
    torch.testing.assert_close(scores, theirs(images))


def test_maps_and_pools_are_those_of_the_formula():
    _, weights, images, _, seen = made(3, height=8, width=9, colours=2)
    kernel, bias, image = weights["kernel.1"].numpy(), weights["b.1"].numpy(), images[0].numpy()
    for c, y, x in np.ndindex(*seen["map.1"].shape[1:]):
        one = bias[c] + (kernel[c] * image[:, y : y + 2, x : x + 2]).sum()
        assert seen["preactivation.1"][0, c, y, x].item() == pytest.approx(one)
        assert seen["map.1"][0, c, y, x].item() == pytest.approx(max(one, 0))
    maps = seen["map.1"][0].numpy()
    for c, y, x in np.ndindex(*seen["pool.1"].shape[1:]):
        assert seen["pool.1"][0, c, y, x].item() == maps[c, 2 * y : 2 * y + 2, 2 * x : 2 * x + 2].max()
    assert [tuple(seen[f"pool.{layer}"].shape[2:]) for layer in (1, 2)] == cnn2d.sides(made(3, height=8, width=9)[0])


def test_kernels_that_leave_nothing_of_an_image_are_refused():
    with pytest.raises(ValueError, match="leave nothing"):
        cnn2d.shapes(cnn2d.CNN2DSettings(height=4, width=4, kernel=3))


def test_it_learns_to_tell_a_bar_that_lies_from_one_that_stands():
    settings = cnn2d.CNN2DSettings(channels=4, classes=2)
    random = np.random.default_rng(0)
    images, truth = np.zeros((64, 1, 10, 10), np.float32), random.integers(0, 2, 64)
    for image, stands in zip(images, truth, strict=True):
        place = random.integers(0, 10)
        image[0][(slice(None), place) if stands else (place, slice(None))] = 1
    weights = {name: torch.tensor(w, requires_grad=True) for name, w in cnn2d.initial(settings, 0).items()}
    optimiser = torch.optim.Adam(weights.values(), 0.02)
    for _ in range(60):
        optimiser.zero_grad()
        scores = cnn2d.forward(settings, weights, torch.from_numpy(images))
        torch.nn.functional.cross_entropy(scores, torch.from_numpy(truth)).backward()
        optimiser.step()
    assert (scores.argmax(1).numpy() == truth).mean() > 0.95
