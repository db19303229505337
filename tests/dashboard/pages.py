"""A page opened without a browser, looked at and pressed. Knows no page by name."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from engine import control
from engine.worker import Worker
from tests.scenes import ask

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("markdown", "caption", "info", "success", "warning", "error", "latex")


class Here:
    """A nursery whose workers are done when `start` returns, and that answers in this process."""

    ask = staticmethod(ask)

    def start(self, path):
        with control.lock(path):
            Worker(path).work()


def page(name, series=None, **query):
    """A page of the app; the series is the visitor's, the rest stands in the address."""
    app = AppTest.from_file(str(ROOT / "dashboard/main.py"), default_timeout=120)
    app.switch_page(f"app_pages/{name}.py")
    if series is not None:
        app.session_state["series"] = series
    for key, value in query.items():
        app.query_params[key] = value
    return clean(app.run())


def clean(app):
    """The page showed no traceback, and what it showed."""
    assert not app.exception, app.exception
    return app


def press(app, label):
    (button,) = [b for b in app.button if b.label == label]
    return clean(button.click().run())


def said(app):
    """Everything the page says in words."""
    return " ".join(str(box.value) for kind in WORDS for box in app.get(kind))
