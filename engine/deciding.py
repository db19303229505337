"""From "this model on this series" to a complete Run: defaults that suit the series, and lessons where none can.

Does not train and never loads torch; a page asks it on every keystroke.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import ValidationError

from engine.contract import Description, models
from engine.errors import Lesson
from engine.nouns.frame import LARGEST_SIGNAL
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.prepare import learn, split_of
from engine.preparing.recipe import settled

FEWEST_WINDOWS = 8
LONGEST_HORIZON, LONGEST_WINDOW = 48, 96  # by default: a day of half hours, and of quarters
LARGEST_RUN = 8 * 2**30  # bytes


def defaults(series: Series) -> dict[str, Any]:
    """Window, horizon and validation that suit the length and the season of the series."""
    length, period = len(series), series.period
    horizon = max(1, min(period if 1 < period <= LONGEST_HORIZON else 12, length // 10))
    validation = max(horizon, min(length // 5, 4 * horizon))
    whole_seasons = -(-28 // period) * period  # the fewest that make four weeks of days, or three years of months
    window = max(2, min(whole_seasons, LONGEST_WINDOW, (length - validation) // 3))
    return {"window": window, "horizon": horizon, "validation": validation}


def decide(series: Series, model: str, settings: dict[str, Any] | None = None, **changes: Any) -> Run:
    """A Run with every decision written out. Raises Lesson where the series cannot carry it."""
    if model not in models():
        raise Lesson(
            f"There is no model called “{model}”.",
            f"The models are {', '.join(sorted(models()))}.",
            "Choose one of them.",
        )
    try:
        complete = models()[model].settings.model_validate(settings or {}).model_dump(mode="json")
        beside = _beside(series, model, changes.get("covariates"))
        decided = {**defaults(series), **beside, **_anchor(changes), **changes}
        run = Run(series=series.hash, model=model, settings=complete, **decided)
    except ValidationError as error:
        raise _lesson(error) from error
    _check_differences(run, series)
    _check_length(run, series)
    _check_steps(run, series)
    _check_values(run, series)
    _check_beside(run, series)
    _check_size(models()[model].describe(run, series))
    return run


def again(run: Run, series: Series, settings: Mapping[str, Any]) -> Run:
    """The same decisions with some of the model's settings changed, trained from its beginning. Raises Lesson."""
    apart = ("series", "model", "settings", "parent", "forked_at", "changed")
    kept = {name: getattr(run, name) for name in Run.model_fields if name not in apart}
    return decide(series, run.model, {**run.settings, **settings}, **kept)


def _beside(series: Series, model: str, wanted: Any) -> dict[str, Any]:
    """The columns beside the target: every one, unless others are wanted. SARIMA looks at the target alone."""
    names = () if model == "sarima" else series.covariates.names
    names = names if wanted is None else tuple(wanted)
    return {"covariates": names, "known_ahead": series.covariates.known_among(names)}


def _anchor(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes of changes tell a network little: where differences are taken, it is shown what they are."""
    return {"anchor": "level"} if changes.get("difference") or changes.get("seasonal_difference") else {}


def _lesson(error: ValidationError) -> Lesson:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or "settings"
    return Lesson(f"“{name}” was set to {first['input']!r}.", f"{first['msg']}.", f"Change “{name}”.")


def _check_size(described: Description) -> None:
    largest = max(signal.bytes for signal in described.signals)
    whole = (described.updates or 0) * sum(signal.bytes for signal in described.signals)
    if largest > LARGEST_SIGNAL or whole > LARGEST_RUN:
        raise Lesson(
            f"This run would record {max(largest, whole) / 2**20:,.0f} MB.",
            f"Every update is kept whole: at most {LARGEST_SIGNAL // 2**20} MB for one signal of one update, and "
            f"{LARGEST_RUN // 2**20:,} MB in all.",
            "Choose fewer updates, fewer layers, or fewer units in each.",
        )


def _check_length(run: Run, series: Series) -> None:
    n = len(series)
    if run.horizon > run.validation or run.horizon >= n:
        raise Lesson(
            f"The horizon is {run.horizon} steps, and {run.validation} of the {n} values are kept for validation.",
            "A forecast can only be judged where the truth is known.",
            f"Choose a horizon of at most {max(1, min(run.validation, n - 1))}, or keep more values for validation.",
        )
    whole = run.window + run.horizon
    if run.apart and run.validation < whole:
        raise Lesson(
            f"{run.validation} values are kept for validation, and a window with its horizon has {whole}.",
            "Windows that are judged apart lie wholly in the validation part.",
            f"Keep at least {whole} values for validation.",
        )
    lost = run.difference + run.seasonal_difference * series.period
    needed = lost + run.window + run.horizon + FEWEST_WINDOWS - 1 + run.validation + run.test
    if n < needed:
        kept = f"{run.validation} values for validation" + (f" and {run.test} for the test" if run.test else "")
        raise Lesson(
            f"“{series.name}” has {n} rows.",
            f"A window of {run.window}, a horizon of {run.horizon} and {kept} need at least {needed}, so that there "
            f"are {FEWEST_WINDOWS} windows to learn from.",
            "Choose a smaller window or horizon, or a longer series.",
        )


def _check_values(run: Run, series: Series) -> None:
    values = series.values
    if run.model != "sarima" and not np.isfinite(values).all():
        first = series.index[int(np.argmin(np.isfinite(values)))]
        raise Lesson(
            f"{int((~np.isfinite(values)).sum())} of {len(values)} values are missing (the first at {first:%Y-%m-%d}).",
            "A network needs a number at every step.",
            "Fill the gaps on the Data page, or choose SARIMA, which can do with gaps.",
        )
    if run.transform != "none" and (values[np.isfinite(values)] <= 0).any():
        raise Lesson(
            f"The lowest value of “{series.name}” is {np.nanmin(values):g}.",
            f"{'A logarithm' if run.transform == 'log' else 'Box-Cox'} needs values above zero.",
            "Choose the transform “none”.",
        )
    _check_change(run, series)


def _check_change(run: Run, series: Series) -> None:
    """That there is something to learn, and something to scale by."""
    split = split_of(run, len(series))
    learned = learn(run, series, split)
    training = learned.power.apply(series.values[:split])
    changes = learned.differences.apply(training)
    known, rounding = changes[np.isfinite(changes)], 4 * np.finfo(float).eps
    if not len(known) or not known.std() > rounding * np.nanmax(np.abs(training)):
        what = "changes of the" if learned.differences.lost else ""
        raise Lesson(
            f"The {what} {split} values before the validation part never change.".replace("  ", " "),
            "There is nothing to learn from values that never change.",
            "Choose another column, or another part of the series.",
        )
    if not learned.scale.spread > 0:
        raise Lesson(
            f"More than half of the {len(known)} values to scale by are the same.",
            f"The scaling “{run.scaling}” divides by the distance of their quartiles, which is nothing here.",
            "Choose the scaling “standard”.",
        )


def _check_steps(run: Run, series: Series) -> None:
    """No step of the series may have looked past the split."""
    looked = settled(series)
    split = split_of(run, len(series))
    if looked is not None and split < len(series) and series.index[split] < looked:
        kept = int((series.index >= looked).sum()) - run.test
        raise Lesson(
            f"The gaps before {looked} were filled by straight lines, which look at the value after a gap.",
            f"The training part ends at {series.index[split]}; what stands before it may know nothing of what comes.",
            f"Keep at most {max(1, kept)} values for validation, or fill the gaps anew on the Data page.",
        )


def _check_differences(run: Run, series: Series) -> None:
    if run.model == "sarima" and (run.difference or run.seasonal_difference):
        raise Lesson(
            "SARIMA was asked to look at differences that were taken before.",
            "It takes differences itself: d and D of its orders.",
            "Set them there, and leave the differences of the preparation at 0.",
        )
    if run.seasonal_difference and series.period == 1:
        raise Lesson(
            f"“{series.name}” has no season by the calendar.",
            "A seasonal difference is the change from the value one season before.",
            "Take ordinary differences, or none.",
        )


def _check_beside(run: Run, series: Series) -> None:
    untold = set(run.known_ahead) - set(series.covariates.known_among(run.covariates))
    if untold:
        raise Lesson(
            f"“{min(untold)}” was said to be known ahead.",
            "Only a column that the network is shown, and whose values are settled before their time, is.",
            "Leave it out of those known ahead.",
        )
    columns = series.covariates.take(run.covariates, len(series))
    holes = {name: int((~np.isfinite(c)).sum()) for name, c in zip(run.covariates, columns.T, strict=True)}
    if any(holes.values()):
        name = max(holes, key=lambda name: holes[name])
        raise Lesson(
            f"{holes[name]} values of the column “{name}” are missing.",
            "A network needs a number at every step, in every column that it is shown.",
            f"Fill the gaps on the Data page, or leave “{name}” out.",
        )
