"""Forecast: three strategies of one network from any origin, how far to trust each, and what each model looks at."""

import streamlit as st

from dashboard import form, lesson, session
from dashboard.forecasts import lags, strategies, training
from dashboard.heading import head
from engine.contract import models
from engine.deciding import decide, defaults
from engine.errors import Lesson
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.strategies.names import TITLES, Strategy
from engine.strategies.plans import offered, plan

ASKED = ("hidden", "updates", "learning_rate")
LAGGED = ("rnn", "lstm", "cnn")


def ask_network() -> str:
    names = [name for name in models() if len(offered(name)) > 1]
    return str(
        st.segmented_control(
            "Network",
            names,
            default="lstm",
            format_func=lambda name: models()[name].title,
            key="network",
            required=True,
        )
    )


def ask_decisions(series: Series, network: str) -> dict[Strategy, Run]:
    """The run that each strategy needs. Raises Lesson."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        settings = form.ask(models()[network].settings, ASKED, f"forecast.{network}")
        sizes = form.ask(Run, ["horizon", "seed"], "forecast", {"horizon": defaults(series)["horizon"]})
        if "seq2seq" in offered(network):
            writer = models()["seq2seq"].settings
            settings |= form.ask(writer, ["teacher_forcing"], "forecast")
    horizon, plain_settings = sizes.pop("horizon"), {name: settings[name] for name in ASKED}
    chosen = {"iterative": plain_settings, "direct": plain_settings, "seq2seq": settings}
    return {one: plan(series, network, one, horizon, chosen[one], **sizes) for one in offered(network)}


def lag_runs(series: Series, horizon: int) -> dict[str, Run]:
    """The models of the lag lens that the series can carry."""
    found = {}
    for model in (*LAGGED, "sarima"):
        try:
            found[model] = plan(series, model, "direct", horizon) if model in LAGGED else decide(series, model)
        except Lesson:
            continue
    return found


def three_strategies(series: Series) -> int:
    """The first half of the page; returns the horizon."""
    network = ask_network()
    wanted = ask_decisions(series, network)
    horizon = max(run.horizon for run in wanted.values())
    label = f"Train {len(wanted)} runs: {', '.join(TITLES[one].lower() for one in wanted)}"
    training.offer({TITLES[one]: run for one, run in wanted.items()}, series, label, "strategies")
    there = training.finished(wanted)
    if there:
        strategies.show(strategies.asked(series, there, horizon))
    else:
        st.caption(
            "Each strategy is a run of its own on the same series: the same window, validation part and seed. They are "
            "kept, and can be looked into on the Inside page."
        )
    return horizon


series = head("Forecast", session.series_here(), "forecast it")

st.page_link("app_pages/compare.py", label="Which model at all? Compare recommends one.", icon=":material/assistant:")

try:
    horizon = three_strategies(series)
    st.header("What does each model look at?", divider="gray")
    wanted = lag_runs(series, horizon)
    titled = {models()[name].title: run for name, run in wanted.items()}
    training.offer(titled, series, f"Train {', '.join(titled)}", "lags")
    there = training.finished(wanted)
    if there:
        lags.show(series, there)
except Lesson as problem:
    lesson.show(problem)
