"""What a comparison found: verdict, leaderboard, pictures, and the table to take away. Computes nothing anew."""

from __future__ import annotations

import streamlit as st

from dashboard.comparing import leaderboard, pictures
from dashboard.lesson import plain
from dashboard.themed import paper
from engine.comparing.plan import Plan
from engine.comparing.recommending import choose
from engine.comparing.rolled import Rolled, naive, title
from engine.comparing.verdict import ranked, verdict
from engine.nouns.series import Series

STEPS, ORIGINS, COVERAGE = "Error by steps ahead", "Error by origin", "Coverage of intervals"
BARE = {"displaylogo": False}
MOST = 4  # models drawn at first


def show(found: Rolled, plan: Plan, series: Series, level: float) -> None:
    """Everything there is to see of it."""
    st.markdown(verdict(found))
    st.markdown(f"**Recommended: {title(choose(found, plan).name)}.** {plain(choose(found, plan).sentence)}")
    leaderboard.show(found, plan, series, level)
    kind = st.segmented_control("Picture", [STEPS, ORIGINS, COVERAGE], default=STEPS, required=True,
                                key="compare.picture", label_visibility="collapsed")  # fmt: skip
    order = ranked(found)
    if kind == STEPS:
        names = st.pills("Lines", order, default=_first(order), format_func=title, selection_mode="multi",
                         key=f"compare.lines.{plan.id}", label_visibility="collapsed")  # fmt: skip
        drawn = pictures.curves(found, [name for name in order if name in names], series.unit)
    else:
        name = st.selectbox("Forecaster", order, format_func=title, key=f"compare.one.{plan.id}", width=320)
        if kind == ORIGINS:
            drawn = pictures.heat(found, name, series, paper() == "dark")
        else:
            drawn = pictures.covered(found, name, level)
    st.plotly_chart(drawn, config=BARE, key=f"compare.{kind}")
    st.caption(_explained(kind, level))


def _first(order: list[str]) -> list[str]:
    """The best of them, and the line that has to be beaten."""
    lines = [name for name in order if naive(name)]
    return [name for name in order if name in order[:MOST] or name in lines[:1]]


def _explained(kind: str, level: float) -> str:
    if kind == STEPS:
        return "The mean over all origins. Grey: lines that learn nothing. A band is the lowest to the highest seed."
    if kind == ORIGINS:
        return "One row an origin, the oldest on top. Hover for the forecast, the truth and the best naive line."
    return (
        f"A point inside the band is what an exact {level:g} % interval may show by chance. Intervals are calibrated "
        "on errors that had been seen by their origin; steps far ahead have fewer."
    )
