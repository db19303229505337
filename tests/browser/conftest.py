"""One Chromium and one served app for all browser tests; where there is no Chromium they are skipped, save in CI."""

import contextlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

from tests.browser.serving import CHROMIUM, PATIENCE, chromium, served

expect.set_options(timeout=1000 * PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker("browser")
        if not CHROMIUM.exists() and os.environ.get("CI") != "true":
            item.add_marker(pytest.mark.skip(reason=f"There is no Chromium at {CHROMIUM}; set CHROMIUM to its path."))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a failed test's page said: a test that waited in vain for a text seldom fails a second time."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if call.when == "call" and report.failed and page:
        with contextlib.suppress(Error):
            report.sections.append(("the page", f"{page.url}\n{page.locator('body').inner_text(timeout=5000)}"))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def runs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def app(runs_folder: Path) -> Iterator[str]:
    """The address of a page that is only a stage."""
    with served("tests/browser/harness.py", runs_folder) as url:
        yield url


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One cache for all pages: a fresh one would fetch and compile Streamlit's and Plotly's scripts for every test."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(1000 * PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console has to stay clean."""
    opened = context.new_page()
    said: list[str] = []
    opened.on(
        "console", lambda message: said.append(f"{message.text} {message.location}") if _is_bad(message) else None
    )
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert said == []


def _is_bad(message: ConsoleMessage) -> bool:
    """All errors and warnings but Streamlit's own."""
    # On a page with a path Streamlit first looks for its server under that path, and is not found there.
    looks_for_server = "/_stcore/" in message.location["url"] and "404" in message.text
    return message.type in ("error", "warning") and not looks_for_server


@pytest.fixture(scope="session")
def kept_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs folder of the whole app."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="session")
def whole_app(kept_runs: Path) -> Iterator[str]:
    """The address of all the pages."""
    with served("dashboard/app.py", kept_runs) as url:
        yield url
