"""The published digits of the seasonal naive on the M3 competition: MASE and WQL, to eight places."""

from __future__ import annotations

import numpy as np
import pytest

from engine.comparing import metrics
from engine.forecasting import forecaster
from engine.nouns.past import past
from tests import m3

# Chronos (Amazon), tables of its repository: seasonal naive on m3_monthly, m3_quarterly, m3_yearly.
PUBLISHED = {
    "monthly": (1.1462045758, 0.1485446008),
    "quarterly": (1.4253437937, 0.1012520530),
    "yearly": (3.1717102364, 0.1665329650),
}


@m3.needed
@pytest.mark.parametrize("kind", PUBLISHED)
def test_the_seasonal_naive_has_its_published_scores(kind):
    scores, losses, sizes = [], 0.0, 0.0
    for series, horizon in m3.series(kind):
        history = past(series, len(series) - horizon, horizon)
        point = forecaster("seasonal_naive").fit(history, horizon, 0).forecast(history, horizon).point[None]
        truth = series.values[-horizon:][None]
        scale = np.array([metrics.scales(history.values, series.period)])
        said = metrics.Said(truth, point, *scale.T, {0.5: point}, point, point, 90)
        scores.append(metrics.mase(said))
        losses += metrics.wql(said) * np.abs(truth).sum()
        sizes += np.abs(truth).sum()
    assert (np.nanmean(scores), losses / sizes) == pytest.approx(PUBLISHED[kind], rel=1e-6)
