"""The leaderboard of a comparison, done or under way: a table, what its columns are, and the same to take away.

Computes nothing anew.
"""

from __future__ import annotations

import streamlit as st

from dashboard.comparing.spreadsheet import csv
from dashboard.downloading import download
from dashboard.lesson import plain
from engine.comparing.board import board, definitions, table, window
from engine.comparing.plan import Plan
from engine.comparing.rolled import ENSEMBLES, WHAT, Rolled, title
from engine.nouns.series import Series


def show(found: Rolled, plan: Plan, series: Series, level: float) -> None:
    """Everyone who is whole, the lowest MAE first."""
    rows = table(board(found, plan.levels, level))
    said = definitions(found, plan.levels, level)
    seeded = (rows["MAE of seeds"] != "").any()
    drawn = rows.dropna(axis="columns", how="all")  # what nothing can be said of yet
    config = {
        name: st.column_config.NumberColumn(
            name, help=text, format="percent" if name == "Coverage" else "%.4g", width="small"
        )
        for name, text in said.items()
    }
    st.dataframe(
        drawn if seeded else drawn.drop(columns="MAE of seeds"), hide_index=True, height="content", key="compare.board",
        column_config={**config, "model": st.column_config.TextColumn("Forecaster")},
    )  # fmt: skip
    st.caption(f"{window(series, found, level)} Forecasters were {plan.policy}.")
    row = st.container(horizontal=True)
    with row:
        download("Download the table as CSV", csv(rows), f"comparison-{plan.id}.csv")
    with row.popover("What each column is"):
        st.markdown("\n".join(f"- **{name}**: {plain(text)}" for name, text in said.items()))
        if found.members:
            st.markdown(f"Ensembles are of {', '.join(f'“{plain(title(name))}”' for name in found.members)}:")
            st.markdown("\n".join(f"- **{ENSEMBLES[name]}**: {text}" for name, text in WHAT.items()))
