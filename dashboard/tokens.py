"""Who may ask the stage's routes: one unguessable token per browser session. Knows neither sessions nor routes."""

from __future__ import annotations

import secrets
from collections import OrderedDict

MOST = 10_000  # sessions remembered; the oldest are forgotten first
_issued: OrderedDict[str, None] = OrderedDict()


def issue() -> str:
    """A new token, known to this process from now on."""
    token = secrets.token_urlsafe(24)
    _issued[token] = None
    while len(_issued) > MOST:
        _issued.popitem(last=False)
    return token


def known(token: str) -> bool:
    """Whether this process issued the token."""
    return token in _issued
