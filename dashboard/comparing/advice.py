"""Which should I use? A forecaster chosen on a first part of the series, judged on the rest, and its forecast.

Computes nothing: processes of their own do.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import themed
from dashboard.columns import stamped
from dashboard.comparing import advice_pictures, going
from dashboard.comparing.spreadsheet import csv
from dashboard.downloading import download
from dashboard.lesson import plain
from dashboard.session import comparing
from engine.comparing import advising
from engine.comparing.advising import Advice, advice_plan, advise, in_words, named, next_forecast, next_plan
from engine.comparing.keeping import Kept
from engine.comparing.plan import Plan
from engine.comparing.recommending import suited
from engine.comparing.rolled import Rolled
from engine.deciding import defaults
from engine.forecasting import forecasters
from engine.nouns.series import Series

BARE = {"displaylogo": False, "displayModeBar": False}
AMONG = (
    "More models make it slower; networks take some seconds each. The lines that learn nothing are always among them."
)


def show(series: Series) -> None:
    """Question, answer, reason, and the forecast. Raises Lesson."""
    st.subheader("Which should I use?", anchor=False)
    wanted, pressed = _ask(series)
    kept = comparing.chosen("advice")
    if pressed:
        going.begin(series, wanted, "advice")
    if kept is None or kept.plan.series != series.hash:
        st.caption(
            "One click looks back into this series: a forecaster is chosen on a first part of it, and judged on a "
            "later part, which it was not chosen by."
        )
    elif kept.under_way("compare"):
        going.show(kept, "compare")
    else:
        _answer(kept, wanted, series)


def _ask(series: Series) -> tuple[Plan, bool]:
    known = forecasters()
    models = [name for name, one in known.items() if not one.naive]
    lines = [name for name, one in known.items() if one.naive]
    suit = int(min(defaults(series)["horizon"], max(1, len(series) // 6)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        horizon = st.number_input("How many values ahead", 1, 1000, suit, key="advice.horizon", width=200)
        pressed = st.button("Recommend", type="primary", icon=":material/assistant:", key="advice.ask")
        with st.popover("Among which?"):
            among = st.multiselect(
                "Forecasters", models, default=[name for name in suited(series) if name in models], help=AMONG,
                format_func=lambda name: known[name].title, key="advice.among",
            )  # fmt: skip
    return advice_plan(series, int(horizon), [*lines, *among]), pressed


def _answer(kept: Kept, wanted: Plan, series: Series) -> None:
    progress, plan = kept.progress("compare"), kept.plan
    if progress is None or not progress.over:
        st.info("It ended before it was done. Press Recommend: what was computed is kept, and it goes on from there.")
        return
    if plan.id != wanted.id:
        st.info(f"Below is the last recommendation, for {plan.horizon} ahead. Press Recommend for what is asked now.")
    going.failures(progress)
    found = comparing.said(kept, progress.done)
    advice = advise(found, plan)
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    with left:
        st.markdown(f"### {plain(named(advice.choice))}")
        st.markdown(f"{plain(in_words(advice))}")
        st.caption(plain(advice.choice.sentence))
        again = st.button("Forecast with it", icon=":material/trending_up:", key="advice.forecast")
    with right:
        st.plotly_chart(advice_pictures.lead(advice, series.unit), config=BARE, key="advice.lead")
        st.caption(
            "Mean error on the later origins. The band is as wide as chance alone may move their difference, "
            f"{advising.LEVEL:g} times of 100: where all of it lies below the grey line, the lead is more than that."
        )
    _forecast(series, advice, found, again)


def _forecast(series: Series, advice: Advice, found: Rolled, pressed: bool) -> None:
    """What comes next, once it was asked for."""
    wanted, kept = next_plan(series, advice), comparing.chosen("ahead")
    if pressed:
        going.begin(series, wanted, "ahead")
    if kept is None or kept.plan.id != wanted.id:
        return
    if kept.under_way("compare"):
        going.show(kept, "compare")
        return
    progress = kept.progress("compare")
    if progress:
        going.failures(progress)
    said = next_forecast(series, wanted, advice, found)
    if said is None:
        return
    st.plotly_chart(themed.inked(advice_pictures.ahead(said, series, advising.LEVEL)), config=BARE, key="advice.ahead")
    columns = {"forecast": said.point}
    for level, (low, high) in said.intervals.items():
        columns |= {f"lower {level:g} %": low, f"upper {level:g} %": high}
    table = pd.DataFrame(columns, index=pd.Index(said.index, name="stamp"))
    download("Download the forecast as CSV", csv(table), "forecast.csv")
    with st.expander("The numbers"):
        st.dataframe(table, column_config=stamped(table), height="content")
