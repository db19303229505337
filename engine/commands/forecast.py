"""`python -m engine forecast FILE`: the values to come, with an interval. Leaves no file but kept cells."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from engine.comparing.asking import AUTO
from engine.comparing.asking import forecast as ask
from engine.comparing.grids import Event
from engine.opening import series_of

talk = Console(stderr=True)
COLUMNS = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())


def forecast(
    file: Annotated[str, typer.Argument(help="A CSV file, or the name of a sample such as AirPassengers.")],
    model: Annotated[str, typer.Option(help="A forecaster such as ets, sarima or lstm; auto recommends one.")] = AUTO,
    horizon: Annotated[int, typer.Option(help="How many values ahead.")] = 12,
    strategy: Annotated[str | None, typer.Option(help="Of a network: iterative, direct or seq2seq.")] = None,
    level: Annotated[float, typer.Option(help="Of the interval, in percent.")] = 90.0,
    column: Annotated[str | None, typer.Option(help="The column to forecast, where there are several.")] = None,
    seed: Annotated[int, typer.Option(help="Where the random numbers of a network start.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Forecast the values after the end of a series."""
    series = series_of(file, column)
    with Progress(*COLUMNS, console=talk) as bar:
        task = bar.add_task(f"{model}, {horizon} ahead", total=None)

        def tell(event: Event, forecasters: int) -> None:
            bar.update(task, total=forecasters, advance=int(event.state in ("done", "failed")))

        said = ask(series, model, horizon, strategy, level, seed, tell)
    if said["lower"].isna().any():
        talk.print("The past is too short for that level: where errors are too few, there is no interval.")
    stamps = [stamp.isoformat() for stamp in pd.DatetimeIndex(said.index)]
    rows = said.astype(object).where(said.notna(), None)
    if as_json:
        columns = {name: rows[name].tolist() for name in ("point", "lower", "upper")}
        sys.stdout.write(json.dumps({"index": stamps, **columns}, indent=2) + "\n")
        return
    table = Table("index", "point", "lower", "upper")
    for stamp, row in zip(stamps, rows.itertuples(index=False), strict=True):
        table.add_row(stamp, *("—" if value is None else f"{value:.6g}" for value in row))
    Console().print(table)


COMMAND = forecast
