"""Trains the runs a page needs, together: one button, how far each is, how long it will take, and a way to stop.

Knows no figure.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from dashboard import session
from dashboard.session import asking
from engine import control, runs
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.trace import Trace

WORKING = ("waiting", "running")
HALTED = ("stopped", "paused", "interrupted")
Name = TypeVar("Name", bound=str)
BIRTH = 30  # seconds after which a run that was begun and never moved has lost its worker


def state(run: Run) -> tuple[str, float]:
    """A run's state, "missing" where it was never begun, and which share of its updates is done."""
    path = runs.path(run.id)
    if not path.exists():
        return "missing", 0.0
    with Trace(path) as trace:
        steps, wanted, said = trace.steps, trace.facts.get("updates"), trace.status.state
    if said == "new" and time.time() - runs.written(path) / 1e9 < BIRTH:
        said = "waiting"
    elif said in ("new", *WORKING, "paused") and not control.alive(path):
        said = "interrupted"
    done = len(steps) / (wanted + 1) if wanted else 0.0
    return said, 1.0 if said == "finished" else min(1.0, done)


def finished(wanted: Mapping[Name, Run]) -> dict[Name, Run]:
    """Those of the runs that are trained to their end."""
    return {name: run for name, run in wanted.items() if state(run)[0] == "finished"}


def offer(wanted: Mapping[str, Run], series: Series, label: str, key: str) -> None:
    """A button that trains what is missing, or how far that is; nothing where all is there."""
    states = {name: state(run) for name, run in wanted.items()}
    missing = [name for name, (said, _) in states.items() if said != "finished"]
    if not missing:
        return
    told = [name for name in missing if states[name][0] == "failed"]
    if told != missing and all(states[name][0] in WORKING for name in missing if name not in told):
        _watch(wanted, key)
        return
    if told:
        _tell_failures({name: wanted[name] for name in told})
    halted = [f"{name} at {states[name][1]:.0%}" for name in missing if states[name][0] in HALTED]
    if halted:
        st.info(f"Stopped: {', '.join(halted)}. What was trained is kept; the button goes on from there.")
        label = f"Go on with {', '.join(missing)}"
    if st.button(label, type="primary", icon=":material/play_arrow:", key=f"{key}.train"):
        _begin({name: wanted[name] for name in missing}, series)
        asking.since(f"{key}.since", begun=True)
        st.rerun()


def _begin(wanted: Mapping[str, Run], series: Series) -> None:
    for run in wanted.values():
        path = runs.keep(run, series)
        control.send(path, "resume")
        session.nursery().start(path)


def _tell_failures(failed: Mapping[str, Run]) -> None:
    for name, run in failed.items():
        with Trace(runs.path(run.id)) as trace:
            st.warning(f"{name}: {trace.status.message}")


def _watch(wanted: Mapping[str, Run], key: str) -> None:
    """Bars that move by themselves; the page is drawn anew once nothing is under way."""

    @st.fragment(run_every=1.0)
    def bars() -> None:
        states = {name: state(run) for name, run in wanted.items()}
        if not any(said in WORKING for said, _ in states.values()):
            st.rerun()
        left = _left(sum(share for _, share in states.values()) / len(states), asking.since(f"{key}.since"))
        for name, (said, share) in states.items():
            st.progress(share, f"{name}: {said}" if said != "running" else name)
        st.caption(left)
        if st.button("Stop training", icon=":material/stop:", key=f"{key}.stop"):
            for run in wanted.values():
                if state(run)[0] in WORKING:
                    control.send(runs.path(run.id), "stop")

    bars()


def _left(share: float, since: float) -> str:
    """How long it will take, by how long it took so far."""
    if share < 0.05 or since < 1:
        return "Training …"
    seconds = since * (1 - share) / share
    return (
        f"Training, about {seconds:.0f} s to go." if seconds < 90 else f"Training, about {seconds / 60:.0f} min to go."
    )
