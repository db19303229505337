"""Starts an app and a Chromium for browser tests and benchmarks. Knows no page."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
PATIENCE = 120.0  # seconds for anything to happen: others use the machine too, and nothing here claims a speed
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@contextlib.contextmanager
def served(app: str, runs: Path, patience: float = PATIENCE) -> Iterator[str]:
    """The address of the app, over the run files in `runs`, while the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app, f"--server.port={port}", "--server.headless=true"]
    # To a file: a pipe nobody reads fills up and stops the server.
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "UNROLLED_RUNS": str(runs)}, stdout=output, stderr=output
        )
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, output, patience)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(url: str, process: subprocess.Popen[bytes], output: object, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=1).close()
            return
        time.sleep(0.1)
    output.seek(0)  # type: ignore[attr-defined]
    said = output.read().decode(errors="replace")  # type: ignore[attr-defined]
    raise RuntimeError(f"The app did not answer (exit code {process.poll()}). It said:\n{said}")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium, the system's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        try:
            yield browser
        finally:
            browser.close()


def settled(page: Page, patience: float = PATIENCE) -> None:
    """Waits until the app has run to its end: what is clicked before may be drawn anew under the pointer.

    A click takes a moment to reach the server, so the app has to rest for a third of a second.
    """
    page.evaluate("window.restedSince = undefined")
    page.wait_for_function(
        """() => {
          const rests = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
          if (!rests || document.querySelector("[data-stale=true]")) window.restedSince = undefined;
          else window.restedSince ??= performance.now();
          return performance.now() - window.restedSince > 333;
        }""",
        timeout=1000 * patience,
    )


def eventually(page: Page, holds: Callable[[], None], patience: float = PATIENCE) -> None:
    """Waits until what is asserted holds, and says at last what did not: for what follows an action a moment later."""
    end = time.monotonic() + patience
    while True:
        try:
            return holds()
        except AssertionError:
            if time.monotonic() > end:
                raise
        page.wait_for_timeout(50)


def choose(page: Page, field: Locator, option: str) -> None:
    """Takes an option of a list, when the page rests: a list closes where the page scrolls under it."""
    settled(page)
    field.scroll_into_view_if_needed()
    settled(page)
    field.click()
    page.get_by_role("option", name=option).click()
