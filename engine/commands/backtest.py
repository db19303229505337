"""`python -m engine backtest FILE`: the table of the Compare page. Leaves no file but kept cells."""

from __future__ import annotations

import json
import math
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.comparing.asking import Backtest
from engine.comparing.asking import backtest as ask
from engine.comparing.grids import Event
from engine.opening import series_of

talk = Console(stderr=True)
COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def backtest(
    file: Annotated[str, typer.Argument(help="A CSV file, or the name of a sample such as AirPassengers.")],
    models: Annotated[str, typer.Option(help="Forecasters with commas between them; the naive lines are in.")] = "",
    horizon: Annotated[int, typer.Option(help="How many values ahead.")] = 12,
    origins: Annotated[int, typer.Option(help="From how many points of the past.")] = 20,
    step: Annotated[int | None, typer.Option(help="How many values they lie apart.")] = None,
    refit: Annotated[int, typer.Option(help="Fit anew at every so many origins; 0 is once.")] = 1,
    seeds: Annotated[int, typer.Option(help="How often a network is trained, each time from another seed.")] = 3,
    level: Annotated[float, typer.Option(help="Of coverage and Winkler, in percent.")] = 90.0,
    column: Annotated[str | None, typer.Option(help="The column to forecast, where there are several.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if left out.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="The address of dask's scheduler, to work there.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare forecasters on the same rolling origins."""
    series = series_of(file, column)
    named = [name.strip() for name in models.split(",") if name.strip()]
    with Progress(*COLUMNS, console=talk) as bar:
        task = bar.add_task("Comparing", total=None)

        def tell(event: Event, cells: int) -> None:
            bar.update(task, total=cells, advance=int(event.state in ("done", "failed")))

        found = ask(series, named, horizon=horizon, origins=origins, step=step, refit=refit, seeds=seeds, level=level,
                    workers=workers, scheduler=scheduler, told=tell)  # fmt: skip
    for sentence in found.failed:
        talk.print(sentence, highlight=False)
    sys.stdout.write(_as_json(found)) if as_json else _print(found)


def _as_json(found: Backtest) -> str:
    rows = [
        {name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()}
        for row in found.table.reset_index().to_dict("records")
    ]
    said = {
        "table": rows, "verdict": found.verdict, "window": found.window, "refit": found.policy,
        "definitions": dict(found.definitions), "failed": list(found.failed),
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _print(found: Backtest) -> None:
    out, shown = Console(), found.table.drop(columns="MAE of seeds")
    table = Table(*map(str, shown.columns))
    for row in shown.itertuples(index=False):
        table.add_row(
            *("—" if value != value else f"{value:.4g}" if isinstance(value, float) else value for value in row)
        )
    out.print(table)
    for title, definition in found.definitions.items():
        out.print(f"{title}: {definition}", highlight=False)
    out.print(f"{found.window} Models were {found.policy}.", highlight=False)
    out.print(found.verdict.replace("**", ""), highlight=False)


COMMAND = backtest
