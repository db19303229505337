"""Several forecasts made one: their mean, their median, or a mean weighted by past errors. Knows no forecaster."""

from __future__ import annotations

import numpy as np

from engine.comparing.origins import Origins
from engine.nouns.forecast import Numbers

KINDS = {"mean": "Mean of", "median": "Median of", "inverse": "Inverse-error mean of"}


def weights(errors: Numbers) -> Numbers:
    """One over the mean |e| of each: (M, ...) -> (M,), summing to 1; equal where nothing has been seen.

    One that was never wrong takes all the weight.
    """
    flat = np.abs(errors.reshape(len(errors), -1))
    seen = np.isfinite(flat).all(axis=0)
    if not seen.any():
        return np.full(len(errors), 1 / len(errors))
    sizes = flat[:, seen].mean(axis=1)
    if (sizes == 0).any():
        return np.asarray((sizes == 0) / np.sum(sizes == 0))
    return np.asarray(1 / sizes / np.sum(1 / sizes))


def combine(kind: str, points: Numbers, share: Numbers | None = None) -> Numbers:
    """(M, ...) -> (...). share: the weights for "inverse", (M,)."""
    if kind == "median":
        return np.asarray(np.median(points, axis=0))
    return np.average(points, axis=0, weights=share if kind == "inverse" else None)


def rolled(kind: str, points: Numbers, truth: Numbers, origins: Origins) -> Numbers:
    """The ensemble at every origin, its weights from what had been seen by then: (M, F, H) -> (F, H)."""
    if kind != "inverse":
        return combine(kind, points)
    errors = points - truth
    steps = np.arange(1, points.shape[2] + 1)
    found = np.empty(truth.shape)
    for k, origin in enumerate(origins):
        known = (np.array(origins[:k])[:, None] + steps <= origin) if k else np.zeros((0, len(steps)), bool)
        found[k] = combine(kind, points[:, k], weights(np.where(known, errors[:, :k], np.nan)))
    return found
