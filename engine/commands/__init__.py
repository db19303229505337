"""One command of `python -m engine` a file; each ends in `COMMAND = ...` and is found by itself (engine/cli.py)."""
