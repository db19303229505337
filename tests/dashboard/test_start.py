"""The first page leads to every other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = re.compile(r'"(app_pages/\w+\.py)"')


def test_every_page_is_named_on_the_first_in_the_order_of_the_navigation():
    start, main = ((ROOT / "dashboard" / name).read_text() for name in ("app_pages/start.py", "main.py"))
    listed = list(dict.fromkeys(PAGE.findall(start[start.index("PAGES = (") : start.index("def ")])))
    assert listed == PAGE.findall(main)
