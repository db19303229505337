"""Which forecaster to use on a series, how far ahead it can be trusted, and why. Draws nothing.

It is chosen by origins of a first part and judged by later ones, which it was not chosen by; then it is asked for what
comes after the end.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.comparing import cells, combining, conformal
from engine.comparing.differing import diebold_mariano
from engine.comparing.origins import SHARE, fewest
from engine.comparing.partly import part
from engine.comparing.plan import Plan, keys, plan
from engine.comparing.recommending import Choice, choose, suited
from engine.comparing.rolled import ENSEMBLES, Rolled, naive, title
from engine.comparing.verdict import ranked
from engine.errors import Lesson
from engine.nouns.forecast import Forecast, Numbers
from engine.nouns.series import Series

ORIGINS = 20
"""To choose by, and as many to judge by, where the series is long enough."""
LEVEL = 90.0
"""Of the band around a lead, and of the interval around a forecast, in percent."""


Steps = NDArray[np.bool_]


@dataclass(frozen=True)
class Advice:
    """choice: made on the first part. judged: the later origins. rival: the best naive line of the first part.

    Where the choice is a naive line itself, the rival is the best model. errors, rival_errors: mean |e| by step over
    the judged origins, (H,). margin: (H,), so far may chance alone move their difference to each side, 90 times of 100.
    """

    choice: Choice
    judged: Rolled
    rival: str
    errors: Numbers
    rival_errors: Numbers
    margin: Numbers

    @property
    def leads(self) -> Steps:
        """At which steps its mean error is below the rival's, (H,)."""
        return np.asarray(self.errors < self.rival_errors)

    @property
    def surely(self) -> Steps:
        """At which it is so by more than chance, (H,)."""
        return np.asarray(self.errors + self.margin < self.rival_errors)


def advice_plan(series: Series, horizon: int, models: Sequence[str] = ()) -> Plan:
    """Everyone fitted twice: before the origins to choose by, and before those to judge by. Raises Lesson.

    The last value that is chosen by comes before the first that is judged.
    """
    n, first = len(series), fewest(series)
    count = min(ORIGINS, 1 + (n - 2 * horizon - first) // 2)
    if count < 1 or horizon < 1:
        raise Lesson(
            f"{n} values are too few to choose and to judge a forecast of {horizon}.",
            f"It takes {first} values to learn from, {horizon} to choose by and {horizon} to judge by.",
            f"Ask for at most {(n - first) // 2} ahead." if n - first > 1 else "Bring a longer series.",
        )
    room = min(n - 2 * horizon - first, int(SHARE * n) - 2 * horizon)
    step = max(1, min(horizon, room // max(1, 2 * count - 2)))
    back = step * np.arange(count)[::-1]
    judged = n - horizon - back
    chosen_by = judged[0] - horizon - back
    asked = plan(series, models or suited(series), horizon, 1, 1, refit=count, seeds=1)
    return asked.model_copy(update={"origins": (*map(int, chosen_by), *map(int, judged))})


def advise(found: Rolled, asked: Plan) -> Advice:
    """What to use, from a plan that is done. Raises Lesson where nobody could forecast."""
    half, whole = asked.refit, found.whole
    found = dataclasses.replace(found, points={name: found.points[name] for name in whole})
    before, judged = part(found, slice(half)), part(found, slice(half, None))
    choice = choose(before, asked.model_copy(update={"refit": 0, "origins": found.origins[:half]}))
    others = [n for n in ranked(before) if n != choice.name and n not in ENSEMBLES and naive(n) != naive(choice.name)]
    rival = others[0] if others else choice.name
    mine, other = (np.abs(judged.points[name][0] - judged.truth) for name in (choice.name, rival))
    step = judged.origins[1] - judged.origins[0] if half > 1 else asked.horizon
    margin = np.array([_margin(mine[:, h], other[:, h], -(-(h + 1) // step)) for h in range(asked.horizon)])
    return Advice(choice, judged, rival, np.nanmean(mine, axis=0), np.nanmean(other, axis=0), margin)


def named(choice: Choice) -> str:
    """The forecaster, or what an ensemble is made of."""
    if choice.name not in ENSEMBLES:
        return title(choice.name)
    *most, last = [f"“{title(name)}”" for name in choice.members]
    return f"{combining.KINDS[choice.name]} {', '.join(most)} and {last}"


def in_words(advice: Advice) -> str:
    """How it fared on what it was not chosen by, and how far ahead that holds."""
    name = title(advice.rival)
    if advice.rival == advice.choice.name:
        return "There was nobody to compare it with."
    saved = 100 * (1 - advice.errors.mean() / advice.rival_errors.mean()) if advice.rival_errors.any() else 0.0
    what = "the best line that learns nothing" if naive(advice.rival) else "the best model"
    beaten = f"{abs(saved):.0f} % {'below' if saved >= 0 else 'above'} that of “{name}”, {what}"
    lead = f"On {len(advice.judged.origins)} later origins, which it was not chosen by, its mean error was {beaten}."
    if saved < 0 and naive(advice.rival):
        lead += f" There “{name}” would have served better."
    return f"{lead} {_reach(advice, name)}"


def _reach(advice: Advice, name: str) -> str:
    if not advice.leads.any():
        return f"It had the lower error at no step: nothing here says that it can be trusted further than “{name}”."
    sure = "by more than chance " + (
        "at all of them" if (advice.surely == advice.leads).all() else _steps(advice.surely) or "at none of them"
    )
    return f"It had the lower error {_steps(advice.leads)}, {sure}."


def _steps(holds: Steps) -> str:
    """Which steps ahead these are, in words; "" for none."""
    count, found = len(holds), np.flatnonzero(holds) + 1
    if not len(found) or len(found) == count:
        return f"at all {count} steps ahead" if len(found) and count > 1 else "one step ahead" if len(found) else ""
    if len(found) == found[-1]:
        return f"up to {found[-1]} step{'s' if found[-1] > 1 else ''} ahead"
    runs = np.split(found, np.flatnonzero(np.diff(found) > 1) + 1)
    *most, last = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"at step{'s' if len(found) > 1 else ''} {', '.join(most)}{' and ' if most else ''}{last} of {count}"


def next_plan(series: Series, advice: Advice) -> Plan:
    """Its members fitted on the whole series, to be asked from its end."""
    horizon = len(advice.errors)
    asked = plan(series, advice.choice.members, horizon, 1, 1, refit=0, seeds=1)
    return asked.model_copy(update={"origins": (len(series),)})


def next_forecast(series: Series, asked: Plan, advice: Advice, found: Rolled) -> Forecast | None:
    """What comes after the end, with a split-conformal interval from all errors looked back at; None until it is done.

    asked: what `next_plan` gave. found: all origins of the advice.
    """
    said = {cell.model: cells.read(key) for key, cell in keys(series, asked).items()}
    points = [arrays["point"][0] for arrays in said.values() if arrays is not None]
    if len(points) < len(said):
        return None
    errors = np.stack([found.points[name][0] - found.truth for name in said])
    point = combining.combine(advice.choice.name, np.stack(points), combining.weights(errors))
    width = conformal.ahead(found.points[advice.choice.name][0] - found.truth, found.origins, LEVEL)
    interval = {LEVEL: (point - width, point + width)} if np.isfinite(width).any() else {}
    return Forecast(series.index[-1], series.future(asked.horizon), point, interval)


def _margin(first: Numbers, other: Numbers, overlap: int) -> float:
    """Half the width of the interval around the mean difference of two losses; infinite where nothing can be said."""
    from scipy.special import stdtrit

    one = diebold_mariano(first, other, overlap)
    if np.isfinite(one.statistic) and one.statistic:
        return float(abs(one.mean / one.statistic) * stdtrit(one.origins - 1, 0.5 + LEVEL / 200))
    return 0.0 if one.mean == 0 else float("inf")
