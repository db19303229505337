"""Scenes for tests: of a run file as the page sees it, and of any run with numbers that nobody has to train for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.scenes import offered, scene
from dashboard.views.contract import Scene
from engine.answering import answer
from engine.nouns.frame import Array
from engine.nouns.trace import Trace

NAMING = ("clip numbers",)
"""Signals with numbers that say which other number is meant: only the engine's own make sense."""


def ask(question: str, path: Path, **more: Any) -> Any:
    """As the nursery answers, in this process."""
    return answer({"ask": question, "path": str(path), **more})


def seen(trace: Trace, start: int | None = None) -> Scene:
    """The scene of a run file; what was not recorded is recomputed here."""
    return scene(trace, ask, start, lambda: offered(trace, ask))


def made_up(trace: Trace, make: Callable[[tuple[int, ...]], Array]) -> Scene:
    """The scene of a run of which nothing needs to be recorded: `make` gives the numbers for a shape."""
    real = seen(trace)

    def look(steps: Sequence[int], names: Sequence[str]) -> dict[str, Array]:
        signals = [real.offered[name] for name in names if name not in NAMING]
        found = {s.name: make((len(steps), *s.shape)).astype(s.dtype) for s in signals}
        return {**found, **real.look(steps, [name for name in names if name in NAMING])}

    return Scene(trace, real.offered, real.start, look)


def remembering(scene: Scene) -> Scene:
    """The same scene; what was looked up once is not computed again."""
    kept_: dict[tuple[int, str], Array] = {}

    def look(steps: Sequence[int], names: Sequence[str]) -> dict[str, Array]:
        lacking = [name for name in names if not all((step, name) in kept_ for step in steps)]
        if lacking:
            found = scene.look(steps, lacking)
            kept_.update({(step, name): found[name][i] for name in lacking for i, step in enumerate(steps)})
        return {name: np.stack([kept_[step, name] for step in steps]) for name in names}

    return replace(scene, look=look)
