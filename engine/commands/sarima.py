"""`python -m engine sarima FILE`: a SARIMA by exact maximum likelihood, with its report. Leaves no file."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from engine.errors import Lesson
from engine.opening import series_of

talk = Console(stderr=True)


def sarima(
    file: Annotated[str, typer.Argument(help="A CSV file, or the name of a sample such as AirPassengers.")],
    order: Annotated[str, typer.Option(help="p,d,q: past values, differences, past errors.")] = "0,1,1",
    seasonal: Annotated[str | None, typer.Option(help="P,D,Q or P,D,Q,s; s is the calendar's if left out.")] = None,
    trend: Annotated[str, typer.Option(help="n none, c a constant, ct a line, auto: c without differences.")] = "auto",
    transform: Annotated[str, typer.Option(help="none or log.")] = "none",
    column: Annotated[str | None, typer.Option(help="The column to explain, where there are several.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Estimate a SARIMA by exact maximum likelihood and report on it."""
    from engine.estimating.estimate import estimate
    from engine.estimating.report import report
    from engine.forecasters.sarima import transformed

    series = series_of(file, column)
    chosen = _orders(order, seasonal, trend, series.period)
    if transform not in ("none", "log"):
        raise Lesson(f"There is no transform “{transform}”.", "It is none or log.", "Choose one of them.")
    found = report(estimate(transformed(series, transform), chosen))
    _print({"series": series.name, "values": len(series), "transform": transform, **found}, as_json)


def _orders(order: str, seasonal: str | None, trend: str, period: int):  # type: ignore[no-untyped-def]
    from engine.estimating.orders import Orders
    from engine.forecasters.sarima import in_season

    p, d, q = _numbers("--order", order, (3,))
    P, D, Q, m = (*_numbers("--seasonal", seasonal or "0,0,0", (3, 4)), 0)[:4]
    if trend not in ("auto", "n", "c", "ct"):
        raise Lesson(f"There is no trend “{trend}”.", "It is n, c, ct or auto.", "Choose one of them.")
    if (P or D or Q) and (m or period) < 2:
        raise Lesson(
            "The seasonal order has no season.",
            "The calendar of this series names none, and none was given.",
            "Write it as the fourth number, as in --seasonal 0,1,1,12.",
        )
    constant = "n" if d + D else "c"
    return in_season(Orders((p, d, q), (P, D, Q, m), constant if trend == "auto" else trend), period)


def _numbers(option: str, text: str, counts: tuple[int, ...]) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in counts or not all(part.isascii() and part.isdigit() for part in parts):
        raise Lesson(
            f"“{option} {text}” was given.",
            f"It takes {' or '.join(map(str, counts))} whole numbers with commas between them.",
            f"Write for example {option} {'0,1,1' if 3 in counts else '0,1,1,12'}.",
        )
    return [int(part) for part in parts]


def _print(said: dict[str, object], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return
    coefficients, errors = said.pop("coefficients"), said.pop("standard_errors")
    table = Table("coefficient", "estimate", "standard error")
    for name, value in coefficients.items():  # type: ignore[attr-defined]
        error = errors[name]  # type: ignore[index]
        table.add_row(name, f"{value:.6g}", "—" if error is None else f"{error:.3g}")
    out = Console()
    out.print(table)
    for name, value in said.items():
        out.print(f"{name}: {f'{value:.8g}' if isinstance(value, float) else value}", highlight=False)


COMMAND = sarima
