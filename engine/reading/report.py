"""What was read, as JSON and as plain words. Knows a reading, and no file."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.reading.finding import Finding, moment
from engine.reading.read import Facts, Reading

MOST_LISTED = 50


def head(reading: Reading) -> dict[str, Any]:
    """The report as JSON takes it. Counts and the mean are of the file, before repairs; `series` is what came of it."""
    facts, offered = reading.facts, reading.outline
    layout = offered.layout
    return {
        "file": offered.name,
        "sheet": offered.sheet or None,
        "sheets": [sheet for sheet in offered.sheets if sheet],
        "layout": layout.words,
        "time": reading.observed.time,
        "column": reading.observed.column,
        "columns": layout.candidates[:MOST_LISTED],
        "series": reading.observed.label or None,
        "all_series": layout.labels[:MOST_LISTED],
        "n_series": max(len(layout.labels), 1),
        "start": stamp(facts.start, facts.zoned),
        "end": stamp(facts.end, facts.zoned),
        "freq": facts.freq,
        "rows": facts.rows,
        "sorted": facts.in_order,
        "duplicate_stamps": facts.duplicates,
        "missing_stamps": facts.absent,
        "off_grid_stamps": facts.off_grid,
        "missing_values": facts.empty,
        "value_mean": facts.mean,
        "unit": reading.series.unit,
        "notes": list(reading.notes),
        "findings": [finding.head() for finding in reading.findings],
        "questions": [question.head() for question in reading.questions],
        "read": _read(reading),
        "read_as": dict(reading.series.read_as),
    }


def stamp(at: np.datetime64, zoned: bool) -> str:
    return str(at.astype("datetime64[s]")).replace("T", " ") + ("+00:00" if zoned else "")


def _read(reading: Reading) -> dict[str, Any]:
    series = reading.series
    return {
        "name": series.name, "steps": len(series), "freq": series.freq, "start": moment(series.index[0]),
        "end": moment(series.index[-1]), "repairs": list(series.repairs),
    }  # fmt: skip


def sentences(reading: Reading) -> list[str]:
    """The report in plain words, one sentence or paragraph each."""
    said = [f"{reading.series.name}: {span(reading)}", " ".join(reading.notes), counts(reading.facts)]
    said += [f"- {finding.sentence} {only_done(finding)}".rstrip() for finding in reading.findings]
    for question in reading.questions:
        offered = "; ".join(f"{answer.value} = {answer.label}" for answer in question.answers[:8])
        given = reading.choice.answers.get(question.id, question.likely)
        said.append(
            f"? {question.sentence} {question.evidence} Taken: {given}. "
            f"To answer: --answer {question.id}=VALUE ({offered})."
        )
    return [sentence for sentence in said if sentence]


def only_done(finding: Finding) -> str:
    """What was done, without what was found once more."""
    found = finding.sentence.split(". ")[0].rstrip(".")
    rest = finding.done.removeprefix(found).lstrip(":;. ")
    return rest[:1].upper() + rest[1:]


def span(reading: Reading) -> str:
    series, facts = reading.series, reading.facts
    every = cadence(facts.freq) if facts.freq else "at no regular step"
    said = f"{facts.rows:,} rows, {every}, from {moment(facts.start)} to {moment(facts.end)}"
    if len(series) == facts.rows:
        return f"{said}."
    other = "" if cadence(series.freq) == every else f", {cadence(series.freq)}"
    return f"{said}; a series of {len(series):,} steps{other}."


def counts(facts: Facts) -> str:
    """How well the stamps fit their calendar, and the values' mean."""
    mean = f"The values' mean is {facts.mean:,.6g}."
    if facts.freq is None:
        return mean
    fit = 1 - (facts.off_grid or 0) / facts.rows
    share = "All stamps" if fit == 1 else f"{fit:.1%} of the stamps"
    return f"{share} lie on the calendar. {mean}"


CADENCES = {"YS": "yearly", "YE": "yearly", "QS": "quarterly", "QE": "quarterly", "MS": "monthly", "ME": "monthly"}
CADENCES |= {"W": "weekly", "B": "every business day", "D": "daily", "h": "hourly", "min": "every minute"}
CADENCES |= {"s": "every second"}
WEEKDAYS = {"MON": "Mondays", "TUE": "Tuesdays", "WED": "Wednesdays", "THU": "Thursdays", "FRI": "Fridays"}
WEEKDAYS |= {"SAT": "Saturdays", "SUN": "Sundays"}


def cadence(freq: str) -> str:
    """A pandas frequency in words: “monthly”, “every 15 minutes”, “weekly on Saturdays”."""
    code, _, anchor = freq.partition("-")
    times = code.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit = code.removeprefix(times)
    words = {"h": "hours", "min": "minutes", "D": "days", "s": "seconds", "MS": "months", "ME": "months", "W": "weeks"}
    if times:
        return f"every {times} {words.get(unit, unit)}"
    weekday = f" on {WEEKDAYS[anchor]}" if anchor in WEEKDAYS else ""
    return CADENCES.get(unit, f"at the frequency {freq}") + weekday
