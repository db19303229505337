"""The command line: `python -m engine` does what the app does, without a browser. Knows no command by name."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import typer
from rich.console import Console

import engine.commands
from engine.errors import Lesson

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
talk = Console(stderr=True)


@app.callback()
def about() -> None:
    """Unrolled: train sequence models on your own series, and keep everything that happened in a run file."""


def speaking(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with a sentence and exit code 1 in place of a Lesson's traceback, or an unreadable file's."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except Lesson as lesson:
            talk.print(f"[red]{lesson.happened}[/red]\n{lesson.expected}\n{lesson.mend}", highlight=False)
            raise typer.Exit(1) from None
        except OSError as error:
            talk.print(f"[red]“{error.filename}” could not be read[/red] ({error.strerror}).", highlight=False)
            raise typer.Exit(1) from None

    return run


for module in pkgutil.iter_modules(engine.commands.__path__):
    declared = getattr(importlib.import_module(f"engine.commands.{module.name}"), "COMMAND", None)
    if declared is not None:
        app.command()(speaking(declared))
