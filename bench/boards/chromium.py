"""Chromium as these measurements use it: real wheel and keys, at moments that a script says."""

from __future__ import annotations

import math
import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WITNESS = Path(__file__).with_name("witness.js").read_text()
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZE = {"width": 1440, "height": 900}
MIDDLE = (560, 480)
"""Over both boards, and over nothing that floats on them."""
LONGEST_MS = 60_000
LATE_MS = 25
EVERY = 1 / 60
"""Seconds between two turns of the wheel, when the page keeps up."""
TAIL_MS = 500
CTRL = 2


class Slow(Exception):
    """Something that is waited for did not become so."""


@dataclass(frozen=True)
class Frames:
    """How long each frame of a movement took, in milliseconds."""

    deltas: tuple[float, ...]

    def __add__(self, other: Frames) -> Frames:
        return Frames(self.deltas + other.deltas)

    @property
    def p50(self) -> float:
        return percentile(self.deltas, 0.5)

    @property
    def p95(self) -> float:
        return percentile(self.deltas, 0.95)

    @property
    def worst(self) -> float:
        return max(self.deltas)

    @property
    def late(self) -> float:
        """Share of frames that took longer than 25 ms."""
        return sum(delta > LATE_MS for delta in self.deltas) / len(self.deltas)


def percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


@contextmanager
def started() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        yield browser
        browser.close()


def executable() -> str:
    named = os.environ.get("LAB_CHROMIUM")
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    path = named or next(filter(None, found), None)
    if not path:
        raise SystemExit("This bench needs a Chromium: set LAB_CHROMIUM.")
    return path


class Visitor:
    """One person's browser, warm after the first visit, and a hand on its wheel."""

    def __init__(self, browser: Browser, base_url: str, *, script: str = "") -> None:
        self.context: BrowserContext = browser.new_context(base_url=base_url, viewport=SIZE)  # type: ignore[arg-type]
        self.context.set_default_timeout(LONGEST_MS)
        self.context.add_init_script(WITNESS + script)
        self.complaints: list[str] = []
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()
        self._wire = self.context.new_cdp_session(self.page)

    def close(self) -> None:
        self.context.close()
        if self.complaints:
            raise RuntimeError(f"A page complained: {self.complaints}")

    # -- opening

    def open(self, url: str) -> float:
        """Milliseconds from the beginning of the navigation to the first frame in which the scene is drawn
        and a turn of the wheel is answered. The wheel is turned all the while."""
        page = self.page
        page.goto("about:blank")
        self._wire.send("Page.navigate", {"url": url})
        deadline = time.monotonic() + LONGEST_MS / 1_000
        while time.monotonic() < deadline:
            self.wheel(8, 0)
            answered = page.evaluate("() => window.witness?.answered() ?? 0")
            if answered:
                return float(answered)
        raise RuntimeError(f"{url} never answered")

    def until(self, true: str, arg: object = None, *, within: float = LONGEST_MS / 1_000) -> None:
        """Asked from here: our pages allow nobody to make code of words in them."""
        deadline = time.monotonic() + within
        while not self.page.evaluate(true, arg):
            if time.monotonic() > deadline:
                raise Slow(f"not within {within:.0f} s: {true}")
            time.sleep(0.02)

    # -- a hand

    def wheel(self, dx: float, dy: float, *, ctrl: bool = False) -> None:
        """Returns when the page has taken it in."""
        x, y = MIDDLE
        event = {"type": "mouseWheel", "x": x, "y": y, "deltaX": dx, "deltaY": dy, "modifiers": CTRL * ctrl}
        self._wire.send("Input.dispatchMouseEvent", event)

    def during(self, seconds: float, turn: Callable[[float], None]) -> None:
        """Calls with the part of the time that is over, sixty times a second or as often as the page can."""
        began = time.monotonic()
        part = 0.0
        while part < 1:
            part = min(1.0, (time.monotonic() - began) / seconds)
            turn(part)
            time.sleep(EVERY - (time.monotonic() - began) % EVERY)

    # -- frames

    @contextmanager
    def frames(self, into: list[Frames]) -> Iterator[None]:
        self.page.evaluate("window.witness.begin()")
        yield
        into.append(Frames(tuple(self.page.evaluate(f"window.witness.end({TAIL_MS})"))))

    def pan(self) -> Frames:
        """3.5 seconds, 2,400 pixels a second at most, with turns: a hand that looks for something."""
        at = [0.0, 0.0]

        def turn(part: float) -> None:
            to = [900 * math.sin(part * math.pi * 3), 500 * math.sin(part * math.pi * 4)]
            self.wheel(to[0] - at[0], to[1] - at[1])
            at[:] = to

        found: list[Frames] = []
        with self.frames(found):
            self.during(3.5, turn)
        return found[0]

    def zoom(self, geared: Callable[[float, float], tuple[float, float]], fit: float) -> Frames:
        """Four seconds of Ctrl and wheel, from 100 % until the whole board is in sight, and back.

        `geared`: what a board makes of the way from one zoom to another: the turn of the wheel, and the zoom
        it then has.
        """
        now = 1.0

        def turn(part: float) -> None:
            nonlocal now
            way = part * 2 if part < 0.5 else 2 - part * 2
            to = fit ** (way * way * (3 - 2 * way))
            dy, then = geared(now, to)
            if dy:
                self.wheel(0, dy, ctrl=True)
                now = then

        found: list[Frames] = []
        with self.frames(found):
            self.during(4, turn)
            # Who takes few turns in that time, and little of each, is not back yet.
            while abs(now - 1) > 0.001:
                turn(1)
        return found[0]

    def fit(self, fit: str, whole: str) -> Frames:
        """The command that shows the whole board, and the one for 100 %, by their keys."""
        found: list[Frames] = []
        for key in (fit, whole):
            with self.frames(found):
                self.page.keyboard.press(key)
        return found[0] + found[1]


def blank(browser: Browser) -> Frames:
    """An empty page: what the machine makes late by itself."""
    visitor = Visitor(browser, "about:blank")
    visitor.page.goto("about:blank")
    found: list[Frames] = []
    with visitor.frames(found):
        time.sleep(2)
    visitor.close()
    return found[0]
