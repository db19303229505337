"""What a study found: the equation, its coefficients, whether it converged, and pictures to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.sarima import beside, pictures, walked
from dashboard.themed import paper
from dashboard.views.words import stamp_format
from engine.nouns.frame import Array
from engine.nouns.series import Series

BARE = {"displaylogo": False}
FORECAST, LEFT, ROOTS, WEIGHTS, FILTER, TRIED = (
    "Forecast", "What is left over", "Roots", "Weights", "Kalman filter", "Orders tried",
)  # fmt: skip


def show(said: dict[str, Any], found: Mapping[str, Array], series: Series) -> None:
    """Everything there is to see of it."""
    st.subheader(f"SARIMA {said['orders']}", anchor=False)
    if said.get("stopped"):
        count = len(said["tried"])
        st.info(
            f"The search was stopped after {count} order{'s' * (count != 1)}: this is the best of them, and a better "
            "one may not have been tried. Press Search and fit to search to the end."
        )
    st.markdown(breaking(said["letters"]))
    st.markdown(breaking(said["numbers"]))
    _coefficients(said["report"])
    kinds = [FORECAST, LEFT, ROOTS, WEIGHTS, *([FILTER] if said["states"] else []), *([TRIED] if said["tried"] else [])]
    kind = st.segmented_control("Picture", kinds, default=FORECAST, required=True, key="study.picture",
                                label_visibility="collapsed")  # fmt: skip
    if kind == FORECAST:
        _plot(pictures.forecast(found, series, said["level"]), "forecast")
        st.caption("Intervals are Gaussian, for parameters known exactly; the error variance counts the parameters.")
    elif kind == LEFT:
        _left_over(said, found, series)
    elif kind == ROOTS:
        _plot(pictures.roots(found), "roots")
        st.caption(
            "The inverse of each root, seasonal parts in steps of a season. Near the circle a part all but stands "
            "for a difference; a circle under a cross means that two parts cancel."
        )
    elif kind == WEIGHTS:
        _weights(found)
    elif kind == FILTER:
        _filter(said["states"], found, series)
    else:
        tried = pd.DataFrame(said["tried"]).set_index("place")
        st.dataframe(tried, height=360 if len(tried) > 9 else "content")
        st.caption("Each fitted by exact maximum likelihood, the best then to the last digit. Lower AICc is better.")


def breaking(written: str) -> str:
    """Aligned formulas as Markdown that goes on in the next line where the screen ends; matched brackets would not."""
    bare = written.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}")
    for aligned, plain in ((r"\left(", "("), (r"\right)", ")"), ("&", "")):
        bare = bare.replace(aligned, plain)
    return "\n\n".join(rf"$\displaystyle {line.strip()}$" for line in bare.split(r"\\"))


def _plot(drawn: Any, key: str) -> None:
    st.plotly_chart(drawn, config=BARE, key=f"study.{key}")


def _coefficients(report: dict[str, Any]) -> None:
    left, right = st.columns([3, 2])
    errors = report["standard_errors"]
    rows = [
        {"coefficient": name, "estimate": value, "standard error": errors[name],
         "estimate / error": value / errors[name] if errors[name] else None}
        for name, value in report["coefficients"].items()
    ]  # fmt: skip
    with left:
        if rows:
            st.dataframe(pd.DataFrame(rows).set_index("coefficient"), column_config={
                name: st.column_config.NumberColumn(format="%.4f") for name in ("estimate", "standard error")
            } | {"estimate / error": st.column_config.NumberColumn(format="%.2f")})  # fmt: skip
        else:
            st.write("It has no coefficient: only differences.")
    with right:
        numbers = ("loglik", "aic", "aicc", "bic", "scale")
        st.markdown("  \n".join(f"{name}&ensp;**{report[name]:,.6g}**" for name in numbers if report[name] is not None))
    (st.success if report["converged"] else st.warning)(
        f"**{'Converged' if report['converged'] else 'Not converged'}.** {report['how']}"
    )


def _left_over(said: dict[str, Any], found: Mapping[str, Array], series: Series) -> None:
    _plot(pictures.errors(found, series), "errors")
    left, right = st.columns(2)
    with left:
        _plot(pictures.autocorrelation(found, said["band"]), "autocorrelation")
        st.caption("Autocorrelation of the errors: noise stays between the dotted lines 95 times of 100.")
    with right:
        _plot(pictures.ljung_box(found), "ljung")
        st.caption("Ljung and Box's test up to each lag: below the dotted 0.05 something is left to explain.")
    with left:
        _plot(pictures.quantiles(found), "quantiles")
        st.caption("Errors in order against normal quantiles: on the line the intervals can be trusted.")


def _weights(found: Mapping[str, Array]) -> None:
    left, right = st.columns(2)
    with left:
        _plot(pictures.weights(found, "pi"), "pi")
        st.caption("π: the forecast as a sum of past values, one weight a lag.")
    with right:
        _plot(pictures.weights(found, "psi"), "psi")
        st.caption("ψ: what an error still adds so many steps later. With differences it stays for good.")


def _filter(names: list[str], found: Mapping[str, Array], series: Series) -> None:
    at = st.slider("Time step", 1, len(series), len(series), key="study.step") - 1
    st.markdown(breaking(walked.arithmetic(found, found["values"], at)))
    network = beside.offer(series)
    reading = beside.read(network, series, at) if network else None
    _plot(walked.picture(found, names, series, at, paper() == "dark", reading), "walk")
    if reading:
        st.caption(
            f"The filter has read every value since the first, and knows what it expects of each; the {reading.title} "
            f"reads the {len(reading.states)} values of its window anew, from nothing, each unit between -1 and 1. "
            "Of the filter each row has its own range."
        )
    st.dataframe(walked.table(found, names, at).style.format("{:.5g}", na_rep="—"), height=280)
    st.caption(
        f"{series.index[at]:{stamp_format(series.index)}}. Updated = predicted + gain × v. The state is Harvey's: "
        "levels and seasons that undo the differences, then what is known of the next values. No gain is shown while "
        "the level is unknown."
    )
