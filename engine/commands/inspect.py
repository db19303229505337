"""`python -m engine inspect FILE`: what a file holds, how it was read, and what is doubtful. Keeps nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import Lesson
from engine.reading.layouts.layout import Choice
from engine.reading.read import read, replay
from engine.reading.report import head, sentences


def inspect(
    file: Annotated[
        Path, typer.Argument(help="Any table: CSV or other text, Excel, Parquet, JSON, in a zip or gz too.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
    column: Annotated[str | None, typer.Option(help="The column of values, by name or by position from 1.")] = None,
    series: Annotated[str | None, typer.Option(help="The series, by its row's label or the value of a key.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet, by name or by position from 1.")] = None,
    time: Annotated[str | None, typer.Option(help="The column of time, by name.")] = None,
    answer: Annotated[list[str] | None, typer.Option("--answer", help="ID=VALUE, to a question or a finding.")] = None,
    like: Annotated[Path | None, typer.Option(help="A report (--json) of a file to be read alike.")] = None,
) -> None:
    """Read a file and say what is in it, what was found and mended, and what is doubtful."""
    data = file.read_bytes()
    if like is not None:
        reading = replay(data, file.name, json.loads(like.read_text(encoding="utf-8"))["read_as"])
    else:
        answers = dict(_parsed(text) for text in answer or [])
        reading = read(data, file.name, Choice(sheet, time, column, series, answers))
    report = json.dumps(head(reading), indent=2, ensure_ascii=False) if as_json else "\n".join(sentences(reading))
    sys.stdout.write(f"{report}\n")


def _parsed(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise Lesson(f"“--answer {text}” has no value.", "An answer is written ID=VALUE.", f"Write --answer {text}=…")
    return name, value


COMMAND = inspect
