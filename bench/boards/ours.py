"""Our board as it is: `lab serve` with its built screens, a board of the scene, and one who opens it."""

from __future__ import annotations

import math
import time
from typing import Any

from playwright.sync_api import APIRequestContext, Browser, Page
from server import Server

from .chromium import Frames, Visitor
from .scene import Scene

WATCH = """
// As far as it can be told from outside: the overview follows the camera as soon as the board is drawn.
window.cameraOfBoard = () => {
  const overview = document.querySelector('[aria-label="Overview of the board"]');
  const style = overview && !overview.hidden ? overview.lastElementChild.style : null;
  return style && style.transform ? `${style.transform} ${style.width} ${style.height}` : null;
};
window.watchNote = (id) => {
  const note = document.querySelector(`[role=option][data-id="${id}"]`);
  const seen = [];
  // Written in one frame, on the screen when the next begins.
  new MutationObserver(() => {
    const left = Number.parseFloat(note.style.left);
    requestAnimationFrame(() => seen.push([left, performance.timeOrigin + performance.now()]));
  }).observe(note, { attributes: true, attributeFilter: ['style'] });
  window.seenOfNote = () => seen;
};
window.watchPaste = (lines) => {
  const took = {};
  const until = (holds, then) => {
    if (holds()) then(performance.now());
    else requestAnimationFrame(() => until(holds, then));
  };
  const count = () => document.querySelectorAll('aside button[data-item]').length;
  const before = count();
  addEventListener('paste', () => {
    const began = performance.now();
    const asked = () => document.querySelector('[role=dialog] button:not([disabled])');
    until(asked, (at) => requestAnimationFrame(() => { took.asked = performance.now() - began; }));
  }, { capture: true, once: true });
  window.watchAnswer = () => addEventListener('click', () => {
    const began = performance.now();
    until(
      () => count() >= before + lines && document.querySelector('[role=option][aria-selected=true]'),
      () => requestAnimationFrame(() => { took.drawn = performance.now() - began; }),
    );
  }, { capture: true, once: true });
  window.pasteTook = () => took;
  return before;
};
"""
SHARPEST = 25
"""Most of a turn of the wheel that one event is taken for, and how many double the zoom."""
DOUBLES = 100


class Lab:
    """A server, a challenge, and whoever is asked for."""

    def __init__(self, server: Server, api: APIRequestContext) -> None:
        self.server, self.api = server, api
        made = done(api.post("/api/challenges", data={
            "title": "Home before lunch", "question": "What would it take?", "open_to_lab": True,
        }))  # fmt: skip
        self.challenge = str(made["id"])

    def board(self, scene: Scene) -> str:
        """The scene, brought in as a file."""
        content = scene.as_ours("Ideas").encode()
        file = {"name": "ideas.json", "mimeType": "application/json", "buffer": content}
        address = f"/api/challenges/{self.challenge}/boards/import"
        return str(done(self.api.post(address, multipart={"file": file}))["board"]["id"])  # type: ignore[dict-item]

    def empty_board(self) -> str:
        made = self.api.post(f"/api/challenges/{self.challenge}/boards", data={"title": "Empty"})
        return str(done(made)["id"])

    def path(self, board: str) -> str:
        return f"/challenges/{self.challenge}/boards/{board}"

    def signs_in(self, page: Page) -> None:
        form = {"email": "kit@example.org", "name": "Kit", "role": "participant"}
        person = done(self.api.post("/api/people", data=form))["id"]
        page.goto(done(self.api.post(f"/api/people/{person}/sign-in-link"))["url"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", level=1).filter(has_not_text="Sign in").wait_for()


class Ours:
    name = "Live lab"

    def __init__(self, browser: Browser, lab: Lab, board: str) -> None:
        self.visitor = Visitor(browser, lab.server.url, script=WATCH)
        lab.signs_in(self.visitor.page)
        self.url = lab.server.url + lab.path(board)

    def open(self) -> float:
        return self.visitor.open(self.url)

    def settled(self) -> None:
        """The outline has its lines, and nothing is left to do."""
        page = self.visitor.page
        page.locator("aside button[data-item]").first.wait_for()
        page.locator("[role=listbox]").evaluate("board => board.focus()")
        time.sleep(1)

    def to_hundred(self) -> None:
        self.visitor.page.locator("[role=listbox]").evaluate("board => board.focus()")
        self.visitor.page.keyboard.press("0")
        time.sleep(1)

    def movements(self) -> dict[str, Frames]:
        visitor = self.visitor
        self.to_hundred()
        pan = visitor.pan()
        time.sleep(1)
        zoom = visitor.zoom(geared, 0.1)
        self.to_hundred()
        return {"pan": pan, "zoom": zoom, "fit": visitor.fit("1", "0")}

    def heap(self) -> float:
        return float(self.visitor.page.evaluate("performance.memory.usedJSHeapSize / 1048576"))


def geared(now: float, to: float) -> tuple[float, float]:
    dy = max(-SHARPEST, min(SHARPEST, -DOUBLES * math.log2(to / now)))
    return dy, now * 2 ** (-dy / DOUBLES)


def done(answer: Any) -> dict[str, Any]:
    if not answer.ok:
        raise RuntimeError(f"{answer.url}: {answer.status} {answer.text()}")
    return dict(answer.json())
