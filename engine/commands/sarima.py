"""`python -m engine sarima FILE`: a SARIMA by exact maximum likelihood, with its report. Leaves no file."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from engine.errors import Lesson
from engine.opening import series_of

if TYPE_CHECKING:
    from engine.estimating.estimate import Estimate
    from engine.estimating.orders import Floats, Orders

talk = Console(stderr=True)


def sarima(
    file: Annotated[str, typer.Argument(help="A CSV file, or the name of a sample such as AirPassengers.")],
    order: Annotated[str, typer.Option(help="p,d,q: past values, differences, past errors.")] = "0,1,1",
    seasonal: Annotated[str | None, typer.Option(help="P,D,Q or P,D,Q,s; s is the calendar's if left out.")] = None,
    trend: Annotated[str, typer.Option(help="n none, c a constant, ct a line, auto: c without differences.")] = "auto",
    ar_lags: Annotated[str, typer.Option(help="Which lags up to p have a coefficient, as 1,4; all if left out.")] = "",
    ma_lags: Annotated[str, typer.Option(help="The same of past errors, up to q.")] = "",
    method: Annotated[str, typer.Option(help="exact likelihood, or css: conditional least squares.")] = "exact",
    transform: Annotated[str, typer.Option(help="none, log, or auto: what explains more.")] = "none",
    column: Annotated[str | None, typer.Option(help="The column to explain, where there are several.")] = None,
    auto: Annotated[
        bool, typer.Option("--auto", help="Search for the orders; --order and --seasonal are not asked.")
    ] = False,
    thorough: Annotated[bool, typer.Option("--thorough", help="Search longer.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Estimate a SARIMA by exact maximum likelihood and report on it."""
    from engine.estimating.estimate import estimate
    from engine.estimating.report import report
    from engine.forecasters.sarima import automatic, transformed

    series = series_of(file, column)
    _one_of("transform", transform, ("none", "log", "auto"))
    _one_of("method", method, ("exact", "css"))
    _one_of("trend", trend, ("auto", "n", "c", "ct"))
    season = _seasonal(seasonal)[3] or series.period
    transform = automatic(series.values, season) if transform == "auto" else transform
    values = transformed(series, transform)
    if auto or thorough:
        found, tried = _searched(values, season, thorough)
    else:
        orders = replace(_orders(order, seasonal, trend, series.period), ar=_lags(ar_lags), ma=_lags(ma_lags))
        found, tried = estimate(values, orders, exact=method == "exact"), {}
    said = {"series": series.name, "values": len(series), "transform": transform, **report(found), **tried}
    _print(said, as_json)


def _searched(values: Floats, period: int, thorough: bool) -> tuple[Estimate, dict[str, object]]:
    from engine.estimating.search import Search

    search = Search(values, period, thorough)
    lowest = float("inf")
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=talk) as bar:
        task = bar.add_task("Searching")
        for number, tried in enumerate(search.run(), 1):
            if tried.aicc < lowest:
                lowest, best = tried.aicc, tried.orders
                bar.update(task, description=f"{number} tried, best so far {best}, AICc {lowest:.2f}")
        bar.update(task, description="Fitting the finalists")
        found = search.best()
    ranked = sorted(search.tried.values(), key=lambda tried: tried.aicc)
    table = [{"orders": str(t.orders), "aicc": t.aicc if not t.why else None, "refused": t.why} for t in ranked]
    return found, {"tried": table}


def _seasonal(text: str | None) -> tuple[int, int, int, int]:
    P, D, Q, m = (*_numbers("--seasonal", text or "0,0,0", (3, 4)), 0)[:4]
    return P, D, Q, m


def _orders(order: str, seasonal: str | None, trend: str, period: int) -> Orders:
    from engine.estimating.orders import Orders
    from engine.forecasters.sarima import in_season

    p, d, q = _numbers("--order", order, (3,))
    P, D, Q, m = _seasonal(seasonal)
    if (P or D or Q) and (m or period) < 2:
        raise Lesson(
            "The seasonal order has no season.",
            "The calendar of this series names none, and none was given.",
            "Write it as the fourth number, as in --seasonal 0,1,1,12.",
        )
    constant = "n" if d + D else "c"
    return in_season(Orders((p, d, q), (P, D, Q, m), constant if trend == "auto" else trend), period)


def _one_of(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise Lesson(f"There is no {name} “{given}”.", f"It is {' or '.join(known)}.", "Choose one of them.")


def _lags(text: str) -> tuple[int, ...]:
    return tuple(_numbers("--ar-lags or --ma-lags", text, tuple(range(1, 13)))) if text else ()


def _numbers(option: str, text: str, counts: tuple[int, ...]) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in counts or not all(part.isascii() and part.isdigit() for part in parts):
        raise Lesson(
            f"“{option} {text}” was given.",
            f"It takes {' or '.join(map(str, counts))} whole numbers with commas between them.",
            f"Write for example {option} {'0,1,1' if 3 in counts else '0,1,1,12'}.",
        )
    return [int(part) for part in parts]


def _print(said: dict[str, Any], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return
    out, errors = Console(), said.pop("standard_errors")
    table = Table("coefficient", "estimate", "standard error")
    for name, value in said.pop("coefficients").items():
        table.add_row(name, f"{value:.6g}", "—" if errors[name] is None else f"{errors[name]:.3g}")
    out.print(table)
    for one in said.pop("tried", [])[:10]:
        out.print(f"tried {one['orders']}: {one['refused'] or format(one['aicc'], '.2f')}", highlight=False)
    for name, value in said.items():
        out.print(f"{name}: {f'{value:.8g}' if isinstance(value, float) else value}", highlight=False)


COMMAND = sarima
