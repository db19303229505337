"""What can happen at an update of a run, and in which words and colour that is told. Knows no figure."""

from __future__ import annotations

from engine.nouns.trace import Trace

WORDS = {
    "fed the truth": "the decoder was fed the truth (blue)",
    "clipped": "clipped (pink)",
    "best validation": "best validation so far (green)",
    "converged": "converged (violet)",
    "stopped early": "stopped early, for want of a better validation (violet)",
    "not converged": "ended before it converged (yellow)",
    "not a number": "not a number (in the colour of the text)",
}
"""In the order of palette.EVENTS."""


def possible(trace: Trace) -> list[str]:
    """The events that can happen in this run as it was decided."""
    settings = trace.run.settings
    given = {"fed the truth": "teacher_forcing", "clipped": "clip", "stopped early": "patience"}
    given |= dict.fromkeys(("converged", "not converged"), "iterations")
    return [event for event in WORDS if event not in given or settings.get(given[event])]


def legend(trace: Trace) -> str:
    """One sentence for the ticks below a figure."""
    return f"Ticks at the foot: {', '.join(WORDS[event] for event in possible(trace))}."
