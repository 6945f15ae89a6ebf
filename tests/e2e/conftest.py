"""A real server, a real Chromium, and people with browsers of their own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.server import Server

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    named = os.environ.get("LAB_CHROMIUM")
    found = (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    assert found, "these tests need a Chromium: `make test` installs one where it can, or set LAB_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`lab serve` with the example challenge, in a folder of its own."""
    server = Server(tmp_path_factory.mktemp("lab"), settings={"LAB_DEMO": "1"})
    server.start()
    yield server
    server.stop()


Someone = Callable[..., Page]


@pytest.fixture
def someone(browser: Browser, lab: Server) -> Iterator[Someone]:
    """A person with a browser of their own. What their console complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def arrive(*, phone: bool = False, dark: bool = False, zoom: float = 1, reduced: bool = False) -> Page:
        size = PHONE if phone else {side: int(length / zoom) for side, length in DESKTOP.items()}
        context = browser.new_context(
            base_url=lab.url,
            viewport=size,  # type: ignore[arg-type]
            device_scale_factor=zoom,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced else "no-preference",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type == "error" and not expected(message.text)
                else None
            ),
        )
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def expected(text: str) -> bool:
    """What a browser says by itself when a server is away or says no: part of the tests, not a fault."""
    return bool(
        re.search(r"ERR_CONNECTION|WebSocket connection|status of 4\d\d|status of 503|ERR_INTERNET", text)
    )


def sign_in_link(lab: Server) -> str:
    """The one-time staff link that the first start prints."""
    printed = lab.log.read_text()
    links = re.findall(r"https?://\S+/sign-in#\S+", printed)
    assert links, printed
    return str(links[-1])


@pytest.fixture(scope="session")
def axe() -> str:
    source = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    return source.read_text()
