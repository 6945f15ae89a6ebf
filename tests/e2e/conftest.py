"""A real server, a real Chromium, and people with browsers of their own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    APIRequestContext,
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from bench.server import Server

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Nothing here takes a second on an idle machine. Some are ten times slower.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    named = os.environ.get("LAB_CHROMIUM")
    found = (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    assert found, "these tests need a Chromium: `make test` installs one where it can, or set LAB_CHROMIUM"
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


@pytest.fixture(scope="module")
def token(lab: Server) -> str:
    """Of a staff member."""
    return lab.token("staff@example.org")


@pytest.fixture(scope="module")
def api(playwright: Playwright, lab: Server, token: str) -> Iterator[APIRequestContext]:
    """A staff member without a browser: what a test needs to be so before it begins, it asks for here."""
    context = playwright.request.new_context(
        base_url=lab.url, extra_http_headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE
    )
    yield context
    context.dispose()


Someone = Callable[..., Page]


@pytest.fixture
def someone(browser: Browser, lab: Server) -> Iterator[Someone]:
    """A person with a browser of their own. What their console complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def arrive(
        *,
        phone: bool = False,
        dark: bool = False,
        zoom: float = 1,
        reduced: bool = False,
        script: str | None = None,
        state: Any = None,
    ) -> Page:
        size = PHONE if phone else {side: int(length / zoom) for side, length in DESKTOP.items()}
        context = browser.new_context(
            base_url=lab.url,
            viewport=size,  # type: ignore[arg-type]
            device_scale_factor=zoom,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced else "no-preference",
            storage_state=state,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if script:
            context.add_init_script(script)
        context.on(
            "weberror", lambda error: complaints.append(f"{error.page and error.page.url}: {error.error}")
        )
        context.on(
            "console",
            lambda message: (
                complaints.append(f"{message.page and message.page.url}: {message.text}")
                if message.type == "error" and not expected(message.text)
                else None
            ),
        )
        return context.new_page()

    yield arrive
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def expected(text: str) -> bool:
    """What a browser says by itself when a server is away or says no: part of the tests, not a fault."""
    return bool(
        re.search(r"ERR_CONNECTION|WebSocket connection|status of 4\d\d|status of 503|ERR_INTERNET", text)
    )


@pytest.fixture(scope="session")
def axe() -> str:
    source = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    return source.read_text()
