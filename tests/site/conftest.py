"""The shipped site, and pages of a browser that must stay quiet and talk to nobody but the site."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from isoc_kg.project import load_project
from isoc_kg.site import publish_project

from .browsers import ARGUMENTS, AXE, CHROMIUM, NU, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SCRIPTS = Path(__file__).parents[2] / "src/isoc_kg/rendering/scripts/site.js"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested for want of tools."""
    missing = {
        "no Chromium (set ISOC_KG_BROWSER)": CHROMIUM,
        "the page scripts are not built (npm ci && node build.mjs in web/)": SCRIPTS.is_file(),
        "axe-core is not installed (npm ci in tests/site)": AXE.is_file(),
        "the Nu checker is not installed (npm ci in tests/site)": NU.is_file(),
    }
    for what, there in missing.items():
        if not there:
            terminalreporter.write_line(f"NOT TESTED: {what}", red=True)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shipped publication."""
    folder = tmp_path_factory.mktemp("shipped") / "site"
    publish_project(load_project(), folder)
    return folder


@pytest.fixture(scope="session")
def address(shipped: Path) -> Iterator[str]:
    """Where the shipped site is served, two folders below the root of its host."""
    root = shipped.parent / "host"
    (root / "some").mkdir(parents=True)
    (root / "some/where").symlink_to(shipped)
    (root / "isoc-kg").symlink_to(shipped)  # where it says that it lives
    with served(root, "isoc-kg/404.html") as host:
        yield host + "some/where/"


@contextmanager
def _set_aside(browsers: asyncio.AbstractEventLoop | None) -> Iterator[None]:
    """Let `asyncio.run` work while a browser is there, whose loop counts as running in this thread."""
    run = asyncio.run

    def beside(*arguments: Any, **options: Any) -> Any:
        loop = asyncio._get_running_loop()
        if loop is not browsers:
            return run(*arguments, **options)
        asyncio._set_running_loop(None)
        try:
            return run(*arguments, **options)
        finally:
            asyncio._set_running_loop(loop)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "run", beside)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A Chromium; skips where there is none, or no scripts to run in it."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: set ISOC_KG_BROWSER")
    if not SCRIPTS.is_file():
        pytest.skip("the page scripts are not built: npm ci && node build.mjs in web/")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install '.[browser]'")
    with playwright.sync_playwright() as running, _set_aside(asyncio._get_running_loop()):
        browser = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """What a browser context said and asked for; it must stay silent and with its own host."""

    def __init__(self, context: "BrowserContext") -> None:
        self.messages: list[str] = []
        self.requests: list[str] = []
        context.on("console", lambda message: self.messages.append(f"{message.type}: {message.text}"))
        context.on("weberror", lambda error: self.messages.append(f"error: {error.error}"))
        context.on("request", lambda request: self.requests.append(request.url))

    def foreign(self, address: str) -> list[str]:
        """Requests that went anywhere else."""
        host = address.split("/")[2]
        return [
            url for url in self.requests if not url.startswith(("data:", "blob:")) and url.split("/")[2:3] != [host]
        ]


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    """A page in a context of its own; at the end nothing was said on its console, and nobody else was asked."""
    yield from _page(browser, address)


@pytest.fixture
def narrow(browser: "Browser", address: str) -> Iterator["Page"]:
    """A page of 320 pixels."""
    yield from _page(browser, address, viewport={"width": 320, "height": 640})


def _page(browser: "Browser", address: str, **options: Any) -> Iterator["Page"]:
    context = browser.new_context(base_url=address, **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    context.set_default_timeout(15_000)
    watch = Watch(context)
    yield context.new_page()
    context.close()
    assert watch.messages == []
    assert watch.foreign(address) == []
