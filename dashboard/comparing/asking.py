"""What a person decides before a comparison. Shows widgets; computes nothing."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.comparing.origins import fewest
from engine.comparing.plan import Plan, plan
from engine.comparing.recommending import suited
from engine.deciding import defaults
from engine.forecasting import forecasters
from engine.nouns.series import Series

REFITS = {1: "At every origin", 5: "At every 5th origin", 0: "Once, at the first"}
REFIT_HELP = "In between, a fitted one is shown the grown past with everything it learned held fixed."
ORIGINS = 20


@dataclass(frozen=True)
class Form:
    """What is decided of a comparison but its series. sizes: as `plan` takes them, in its order."""

    models: tuple[str, ...]
    sizes: tuple[int, int, int | None, int, int]
    levels: tuple[float, ...]
    scheduler: str | None

    def plan(self, series: Series) -> Plan:
        """Raises Lesson where the series is too short for it."""
        return plan(series, self.models, *self.sizes, self.levels)


def ask(series: Series) -> Form:
    """What the form says, with what suits this series in it at first."""
    known = forecasters()
    lines = [name for name, one in known.items() if one.naive]
    models = [name for name in known if name not in lines]
    chosen = st.multiselect(
        "Forecasters", models, default=[name for name in suited() if name in models],
        format_func=lambda name: known[name].title, key="compare.models",
        help=f"Always among them: {', '.join(known[name].title for name in lines)}.",
    )  # fmt: skip
    suit = int(min(defaults(series)["horizon"], max(1, (len(series) - fewest(series)) // 2)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        horizon = st.number_input("Horizon", 1, 1000, suit, key="compare.horizon", width=140,
                                  help="How many values ahead.")  # fmt: skip
        origins = st.number_input("Origins", 1, 2000, _room(series, horizon), key=f"compare.origins.{horizon}",
                                  width=140, help="From how many points of the past all are asked.")  # fmt: skip
        refit = st.selectbox("Fit anew", list(REFITS), format_func=REFITS.__getitem__, key="compare.refit", width=210,
                             help=REFIT_HELP)  # fmt: skip
    with st.expander("More decisions"), st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.number_input("Steps between origins", 0, 1000, 0, key="compare.step", width=200,
                               help="0 spreads them over the last two fifths, at most a horizon apart.")  # fmt: skip
        seeds = st.number_input("Seeds of a network", 1, 100, 3, key="compare.seeds", width=200,
                                help="Each network is trained so many times from other random numbers.")  # fmt: skip
        level = st.selectbox("Level of intervals", [80, 90, 95], index=1, format_func=lambda one: f"{one} %",
                             key="compare.level", width=200)  # fmt: skip
        scheduler = st.text_input("Dask's scheduler", placeholder="tcp://host:8786", key="compare.scheduler", width=240,
                                  help="To work on other machines. Empty: in processes here.")  # fmt: skip
    levels = tuple(sorted({80.0, float(level)}))
    sizes = int(horizon), int(origins), int(step) or None, int(refit), int(seeds)
    return Form((*lines, *chosen), sizes, levels, scheduler.strip() or None)


def _room(series: Series, horizon: int) -> int:
    """As many origins as suit, and fit."""
    return max(1, min(ORIGINS, len(series) - int(horizon) - fewest(series) + 1))
