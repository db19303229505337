"""Colours are told apart by every eye, on light paper and on dark, and say how much and which sign."""

import itertools

import numpy as np
import pytest

from dashboard.views import palette

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
EYES = {
    "usual": np.eye(3),
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(
    "colours",
    [palette.MANY, (palette.TRAINING, palette.UNSEEN, palette.NAIVE), tuple(set(palette.EVENTS.values()))],
    ids=["lines", "roles", "events"],
)
def test_colours_are_told_apart_by_every_eye(eyes: str, colours: tuple[str, ...]) -> None:
    seen = [lab(np.array(EYES[eyes]) @ linear(colour)) for colour in colours]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 20


@pytest.mark.parametrize(
    "colour", [*palette.MANY, palette.NAIVE, *(c for c in palette.EVENTS.values() if c != palette.INK)]
)
@pytest.mark.parametrize("paper", ["#fbfaf7", "#12171d"], ids=["light", "dark"])
def test_colours_carry_on_light_paper_and_on_dark(colour: str, paper: str) -> None:
    lighter, darker = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (colour, paper)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) > 2


NOTICED = 2.3
"""A distance in Lab that is just noticed (Mahy et al. 1994)."""


def along(scale: palette.Scale, shares: np.ndarray) -> np.ndarray:
    """The colours at shares of a scale, in linear RGB, as the browser mixes them: (n, 3)."""
    at, colours = zip(*scale, strict=True)
    channels = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours]) / 255
    mixed = np.stack([np.interp(shares, at, channel) for channel in channels.T], axis=-1)
    return np.where(mixed <= 0.04045, mixed / 12.92, ((mixed + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("family", palette.SCALES)
def test_a_scale_says_how_much_and_which_sign_to_every_eye(family: str, theme: str, eyes: str) -> None:
    scale, matrix = palette.SCALES[family][theme], np.array(EYES[eyes])
    shares = np.linspace(0, 1, 9)
    shown = np.array([lab(matrix @ colour) for colour in along(scale, shares)])
    steps = np.linalg.norm(np.diff(shown, axis=0), axis=1)
    assert steps.min() > 2 * NOTICED  # neighbours of nine are told apart
    away = 1 if theme == "dark" else -1  # the more, the further from the paper
    if family == "sequential":
        assert (away * np.diff(shown[:, 0]) > 0).all()
        return
    low, high = shown[4::-1], shown[4:]
    assert (away * np.diff(low[:, 0]) > 0).all()
    assert (away * np.diff(high[:, 0]) > 0).all()
    assert np.linalg.norm(low[1:] - high[1:], axis=1).min() > 12  # a quarter and more: one sign is not the other


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_weight_has_hues_of_its_own_to_every_eye(theme: str, eyes: str) -> None:
    shares, matrix = np.array([0, 0.125, 0.25, 0.75, 0.875, 1]), np.array(EYES[eyes])
    weights, signals = (
        [lab(matrix @ colour) for colour in along(palette.SCALES[family][theme], shares)]
        for family in ("weights", "diverging")
    )
    assert min(np.linalg.norm(one - other) for one, other in zip(weights, signals, strict=True)) > 5 * NOTICED
