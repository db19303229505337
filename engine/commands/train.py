"""`python -m engine train FILE`: trains a model on a series and leaves a run file. Draws no picture."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine import control, runs
from engine.contract import models
from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.frame import Frame
from engine.nouns.trace import Trace
from engine.opening import series_of

talk = Console(stderr=True)
OWN = ("test", "transform", "difference", "seasonal_difference", "scaling", "anchor", "covariates")
"""Decisions of the run itself, not of its model."""


def train(
    file: Annotated[str, typer.Argument(help="A CSV file, or the name of a sample such as AirPassengers.")],
    model: Annotated[str, typer.Option(help="lstm, gru, rnn, cnn, cnn_rnn, fnn, seq2seq or sarima.")] = "lstm",
    column: Annotated[str | None, typer.Option(help="The column to forecast, where there are several.")] = None,
    window: Annotated[int | None, typer.Option(help="How many past values the model sees.")] = None,
    horizon: Annotated[int | None, typer.Option(help="How many values ahead it forecasts.")] = None,
    validation: Annotated[int | None, typer.Option(help="How many last values are kept to judge it by.")] = None,
    seed: Annotated[int, typer.Option(help="Where the random numbers start.")] = 0,
    setting: Annotated[list[str] | None, typer.Option("--set", help="name=value, any other decision.")] = None,
) -> None:
    """Train a model on a series and leave a run file that the app opens."""
    chosen = {"window": window, "horizon": horizon, "validation": validation}
    sizes = {name: value for name, value in chosen.items() if value is not None}
    series = series_of(file, column)
    settings = dict(_parsed(text) for text in setting or [])
    own = {name: settings.pop(name) for name in OWN if name in settings}
    run = decide(series, model, settings, seed=seed, **sizes, **own)
    path = runs.keep(run, series)
    _work(path)
    _report(path)


def _parsed(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise Lesson(f"“--set {text}” has no value.", "A setting is written name=value.", f"Write --set {text}=…")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _work(path: Path) -> None:
    from engine.worker import work

    control.send(path, "resume")  # a run that was paused elsewhere goes on: that is what was asked for
    with Trace(path) as trace:
        model, settings = models()[trace.run.model], trace.run.settings
        done = int(max(trace.steps, default=0))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    total = settings.get("updates")
    with Progress(*columns, TextColumn("{task.fields[loss]}"), console=talk) as bar:
        task = bar.add_task(model.title, total=total if isinstance(total, int) else None, completed=done, loss="")

        def show(frame: Frame) -> None:
            bar.update(task, completed=frame.step, loss=f"loss {frame.loss:.4g}")

        work(path, show)


def _report(path: Path) -> None:
    with Trace(path) as trace:
        status, steps = trace.status, trace.steps
    talk.print(f"{status.state} after {max(steps, default=0)} updates. {status.message}", highlight=False)
    sys.stdout.write(f"{path}\n")
    if status.state == "failed":
        raise typer.Exit(1)


COMMAND = train
