"""The ways in which people write a stamp: what each looks like and what its parts may mean. Reads no column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.reading.words import WEEKDAYS, ZONES

# Letters for the parts of a stamp: Y year, y year of two digits, n year counted from 1, m month, b month by name,
# d day, j day of the year, q quarter, h half-year, w ISO week, u day of the week.
WORDS = {
    "Y": "year", "y": "year", "n": "counted year", "m": "month", "b": "month", "d": "day", "j": "day of the year",
    "q": "quarter", "h": "half-year", "w": "ISO week", "u": "weekday",
}  # fmt: skip
UNITS = {"d": "day", "j": "day", "u": "day", "w": "week", "m": "month", "b": "month", "q": "quarter", "h": "half-year"}


@dataclass(frozen=True)
class Form:
    """A way of writing a date. pattern: its groups are the parts, in order. roles: what they may mean, likely first."""

    pattern: str
    roles: tuple[str, ...]


_S = r"\s?[-/._ ]\s?"  # between the numbers of a date
_WORD = r"(\p{L}{3,12})\.?"
_TH = r"(?:\.|st|nd|rd|th|er|º|°)?"
_Q = r"(?:Q|T|K|Quartal|quarter|qtr|trimestre|trim\.?)"

# Dates of digits that touch stand last: they are tried where nothing else fits.
FORMS = (
    Form(rf"(\d{{4}}){_S}(\d{{1,2}}){_S}(\d{{1,2}})", ("Ymd", "Ydm")),
    Form(rf"(\d{{1,2}}){_S}(\d{{1,2}}){_S}(\d{{4}})", ("dmY", "mdY")),
    Form(rf"(\d{{1,2}}){_S}(\d{{1,2}}){_S}'?(\d{{2}})", ("dmy", "mdy", "ymd")),
    Form(rf"(\d{{1,2}}){_TH}(?: de | of |[-/., ]{{1,2}}){_WORD}(?: de |[-/., ]{{1,2}})(\d{{4}})", ("dbY",)),
    Form(rf"(\d{{1,2}}){_TH}[-/., ]{{1,2}}{_WORD}[-/., ]{{1,2}}'?(\d{{2}})", ("dby", "ybd")),
    Form(rf"{_WORD}[-/. ]{{1,2}}(\d{{1,2}}){_TH},?[-/. ]{{1,2}}(\d{{4}})", ("bdY",)),
    Form(rf"{_WORD}[-/. ]{{1,2}}(\d{{1,2}}){_TH},?[-/. ]{{1,2}}'?(\d{{2}})", ("bdy",)),
    Form(rf"(\d{{4}})[-/., ]{{1,2}}{_WORD}[-/., ]{{1,2}}(\d{{1,2}})", ("Ybd",)),
    Form(r"(\d{4})[-/.](\d{1,2})", ("Ym",)),
    Form(r"(\d{1,2})\s?[-/.]\s?(\d{4})", ("mY",)),
    Form(r"(\d{2})[-/](\d{2})", ("ym", "my")),
    Form(r"([1-9]\d?)-(\d{1,2})", ("nm",)),
    Form(rf"([1-9]\d?)-{_WORD}", ("nb",)),
    Form(rf"(\d{{4}})[-/., ]{{0,2}}{_WORD}", ("Yb",)),
    Form(rf"{_WORD}(?: de |[-/., ]{{0,2}})(\d{{4}})", ("bY",)),
    Form(rf"(\d{{2}})[-/., ]{{1,2}}{_WORD}", ("yb",)),
    Form(rf"{_WORD}[-/., ]{{1,2}}'?(\d{{2}})", ("by",)),
    Form(r"(\d{4})[-: ]?M(\d{1,2})", ("Ym",)),
    Form(rf"(\d{{4}})[-/:., ]{{0,2}}{_Q}\s?([1-4])", ("Yq",)),
    Form(rf"{_Q}\s?([1-4])[-/'., ]{{0,2}}(\d{{4}})", ("qY",)),
    Form(rf"{_Q}\s?([1-4])[-/'., ]{{1,2}}(\d{{2}})", ("qy",)),
    Form(rf"([1-4]){_TH}\s?{_Q}[-/'., ]{{0,2}}(\d{{4}})", ("qY",)),
    Form(rf"([1-4]){_TH}\s?{_Q}[-/'., ]{{0,2}}(\d{{2}})", ("qy",)),
    Form(r"(\d{4})[-/ ]?[HS]([12])", ("Yh",)),
    Form(r"[HS]([12])[-/ ]?(\d{4})", ("hY",)),
    Form(r"(\d{4})[-/ ]{0,2}(?:W|KW|week|wk|S)\s?(\d{1,2})", ("Yw",)),
    Form(r"(\d{4})-?W(\d{2})-?([1-7])", ("Ywu",)),
    Form(r"(?:W|KW|week|wk|S)\s?(\d{1,2})[-/,. ]{1,2}(\d{4})", ("wY",)),
    Form(r"(\d{4})-(\d{3})", ("Yj",)),
    Form(r"(\d{4})(\d{2})(\d{2})", ("Ymd",)),
    Form(r"(\d{2})(\d{2})(\d{4})", ("dmY", "mdY")),
    Form(r"(\d{4})(\d{3})", ("Yj",)),
    Form(r"(\d{4})(\d{2})", ("Ym",)),
)

_CLOCK = (
    r"(?:[T ,:_-]{1,3}(?:"
    r"(?P<H>\d{1,2})[:.h-](?P<M>\d{2})(?:[:.m-](?P<S>\d{2})(?:[.,](?P<F>\d{1,9}))?)?\s?(?P<P>[ap]\.?\s?m\.?)?"
    r"(?:h|\s?Uhr)?|(?P<H2>\d{1,2})\s?(?P<P2>[ap]\.?m\.?)|(?P<H3>\d{1,2})(?:h|\s?Uhr|\s?hrs))|T(?P<H4>\d{2}))?"
)
_TOUCHING = r"(?:[T ]?(?P<H5>\d{2})(?P<M5>\d{2})?(?P<S5>\d{2})?)?"
_ZONE = (
    rf"(?:GMT)?(?P<Z>[+-]\d{{2}}:?\d{{2}}|[+-]\d{{2}}|{'|'.join(sorted(ZONES, key=len, reverse=True))})?(?:\s?\(\w+\))?"
)
_DAY = rf"(?:(?:{'|'.join(WEEKDAYS)})\.?,?\s+)?"
# A fuller clock may follow only a date to the day.
_TO_THE_DAY = ("d", "j", "u")


def whole(form: Form, touching: bool = False) -> str:
    """The pattern of a stamp: a date, and after it a clock and a zone where there are any. Case does not matter.

    Groups a, b and c are the date's parts. touching: a clock of digits follows those of the date, as in 20240301140000.
    """
    date = form.pattern
    for group in "abc"[: len(form.roles[0])]:
        date = re.sub(r"(?<!\\)\((?!\?)", f"(?P<{group}>", date, count=1)
    timed = form.roles[0][-1] in _TO_THE_DAY or "d" in form.roles[0]
    clock = "" if not timed else _TOUCHING if touching else _CLOCK
    return rf"(?i)^{_DAY}{date}{clock}\s?{_ZONE if timed else ''}$"


def said(roles: str, clocked: bool) -> str:
    """A way of writing as a person says it, such as “day/month/year hour:minute”."""
    return "/".join(WORDS[role] for role in roles) + (" and time of day" if clocked else "")


def unit_of(roles: str) -> str:
    """The finest part of a date: “day”, “month”, “year”."""
    found = [UNITS[role] for role in roles if role in UNITS]
    return next((unit for unit in ("day", "week", "month", "quarter", "half-year") if unit in found), "year")
