"""`python -m engine`: see engine.cli."""

from engine.cli import app

app(prog_name="python -m engine")
