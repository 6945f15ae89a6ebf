"""A board of 3,000 notes and 300 connectors in a real Chromium, alone and with 60 people, beside Excalidraw.

    .venv/bin/python bench/board.py [--visits 3] [--people 60] [--only frames|opening|remote|paste]

Starts a lab of its own with its built screens, brings the scene in as a file, and visits the board and the
peer in turn, so that whatever else the machine does falls on both. Hands are real: wheel and keys through
the browser's own protocol, the same for both. Prints tables; asserts no time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from boards import chromium, excalidraw, ours, people
from boards.scene import Scene, scene
from boards.telling import BUSY, OURS, PEER, PEER_BY_ITSELF, Found, frames_table, median, promises
from playwright.sync_api import Browser
from server import ROOT, Server

PARTS = ("frames", "opening", "remote", "paste")
ROWS = 200
SHEET = "\n".join(f"Idea {number:03}\tward {number % 7}\t{number} beds" for number in range(ROWS))
MOVES = 240
EVERY_MS = 100
STARTED = time.monotonic()
WARM = 1
"""Visits before the first that counts: caches are filled, code is compiled."""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--visits", type=int, default=3)
    asked.add_argument("--people", type=int, default=60)
    asked.add_argument("--notes", type=int, default=3_000)
    asked.add_argument("--links", type=int, default=300)
    asked.add_argument("--only", choices=PARTS, action="append")
    asked.add_argument("--no-peer", action="store_true", help="without Excalidraw")
    options = asked.parse_args()
    if not (ROOT / "lab" / "static" / "index.html").exists():
        raise SystemExit("The screens are not built: run `python3 scripts/bootstrap.py run` first.")
    wanted = tuple(options.only or PARTS)
    things = scene(options.notes, options.links)
    began = os.getloadavg()[0]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = stack.enter_context(chromium.started())
        (folder / "lab").mkdir()
        server = Server(folder / "lab", settings={"LAB_SCRATCH": "0", "LAB_LIMIT_FACTOR": "1"})
        server.start()
        stack.callback(server.stop)
        headers = {"Authorization": f"Bearer {server.token('staff@example.org')}"}
        staff = browser.new_context(base_url=server.url, extra_http_headers=headers)
        lab = ours.Lab(server, staff.request)
        bench = Bench(browser, lab, things, options.visits, options.people)
        if not options.no_peer and {"frames", "opening"} & set(wanted):
            try:
                files = folder / "peer"
                address = stack.enter_context(excalidraw.served(things, files))
                bench.peer = excalidraw.Excalidraw(browser, address, files)
            except excalidraw.Missing as why:
                progress(f"Excalidraw is left out: {why}")
        bench.run(wanted)
        version = browser.version
    told(bench, version, began)
    return 0


class Bench:
    def __init__(self, browser: Browser, lab: ours.Lab, things: Scene, visits: int, people: int) -> None:
        self.browser, self.lab, self.scene, self.visits, self.count = browser, lab, things, visits, people
        self.board = lab.board(things)
        self.mine = ours.Ours(browser, lab, self.board)
        self.peer: excalidraw.Excalidraw | None = None
        self.found = Found()
        self.server_cpu = 0.0
        self.sent_away: list[str] = []

    def run(self, wanted: tuple[str, ...]) -> None:
        if {"frames", "opening"} & set(wanted):
            for visit in range(-WARM, self.visits):
                self.visit(visit, wanted)
        if {"frames", "opening", "remote"} & set(wanted):
            self.with_people(wanted)
        if "paste" in wanted:
            self.pastes("on an empty board", self.lab.empty_board())
            self.pastes(f"on the board of {len(self.scene.notes):,}", self.board)
        self.mine.visitor.close()
        if self.peer:
            self.peer.visitor.close()

    def visit(self, number: int, wanted: tuple[str, ...]) -> None:
        counts = number >= 0
        progress(f"visit {number + 1} of {self.visits}" if counts else "a visit to warm up")
        if counts:
            self.found.blank.append(chromium.blank(self.browser))
        for name, subject, into in ((OURS, self.mine, self.found.ours), (PEER, self.peer, self.found.peer)):
            if subject is None:
                continue
            if isinstance(subject, excalidraw.Excalidraw):
                self.opened(PEER_BY_ITSELF, subject.open(whole=False), counts)
            self.opened(name, subject.open(), counts)
            subject.settled()
            if counts and "frames" in wanted:
                into.append(subject.movements())
            subject.visitor.page.goto("about:blank")

    def opened(self, name: str, took: float, counts: bool) -> None:
        into = self.found.opened if counts else self.found.first
        into.setdefault(name, []).append(took)

    def with_people(self, wanted: tuple[str, ...]) -> None:
        tokens = self.tokens(self.count + 1)
        address = f"{self.lab.server.ws}/board/{self.board}?schema=1"
        with people.at_board(address, tokens, self.scene) as crowd:
            progress(f"{self.count} people at work")
            crowd.go()
            time.sleep(2)
            began, cpu = time.monotonic(), self.lab.server.cpu()
            if {"frames", "opening"} & set(wanted):
                for number in range(self.visits):
                    progress(f"visit {number + 1} of {self.visits} among them")
                    self.found.opened.setdefault(BUSY, []).append(self.mine.open())
                    self.mine.settled()
                    if "frames" in wanted:
                        self.found.busy.append(self.mine.movements())
                    self.mine.visitor.page.goto("about:blank")
            if "remote" in wanted:
                progress("somebody's move, as pixels")
                self.remote(crowd)
            self.server_cpu = (self.lab.server.cpu() - cpu) / (time.monotonic() - began)
            self.mine.visitor.page.goto("about:blank")
            crowd.rest()
            self.sent_away = crowd.sent_away

    def tokens(self, count: int) -> list[str]:
        emails = [f"person{number}@example.org" for number in range(count)]
        # In a thread with a loop of its own: the one of this thread belongs to the browser.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(self.lab.server.tokens(emails))).result()

    def remote(self, crowd: people.People) -> None:
        """From a place being sent by somebody else to the beginning of the frame after it was drawn."""
        page = self.mine.visitor.page
        self.mine.open()
        self.mine.settled()
        self.mine.to_hundred()
        note = self.scene.middle.id
        page.locator(f"[role=option][data-id={note}]").wait_for()
        page.evaluate("id => window.watchNote(id)", note)
        sent = crowd.moves(note, count=MOVES, every_ms=EVERY_MS)
        last = sent[-1][0]
        self.mine.visitor.until("x => window.seenOfNote().at(-1)?.[0] >= x", last)
        seen = [(float(x), float(at)) for x, at in page.evaluate("window.seenOfNote()")]
        for x, left_at in sent:
            # Two moves that came in one frame were both seen in it.
            self.found.remote.append(next(at for there, at in seen if there >= x) - left_at)

    def pastes(self, where: str, board: str) -> None:
        """Rows of a spreadsheet, as a person pastes them: asked what is to become of them, they say notes."""
        progress(f"{ROWS} rows pasted {where}")
        visitor = self.mine.visitor
        page = visitor.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(self.lab.path(board))
        page.locator("[role=listbox]").wait_for(state="attached")
        page.locator("aside section").first.wait_for()
        time.sleep(2)
        for _ in range(5):
            page.evaluate("text => navigator.clipboard.writeText(text)", SHEET)
            page.locator("[role=listbox]").evaluate("board => board.focus()")
            before = page.evaluate("rows => window.watchPaste(rows)", ROWS)
            page.keyboard.press("Control+v")
            dialog = page.get_by_role("dialog", name="Paste a table")
            button = dialog.get_by_role("button", name="Paste", exact=True)
            button.wait_for()
            visitor.until("() => window.pasteTook().asked")
            page.evaluate("window.watchAnswer()")
            button.click()
            visitor.until("() => window.pasteTook().drawn")
            took = page.evaluate("window.pasteTook()")
            self.found.pasted.setdefault(where, []).append((took["asked"], took["drawn"]))
            page.locator("[role=listbox]").evaluate("board => board.focus()")
            page.keyboard.press("Control+z")
            try:
                lines = "document.querySelectorAll('aside button[data-item]').length"
                visitor.until(f"before => {lines} === before", before, within=10)
            except chromium.Slow:
                self.found.undone = False
        page.goto("about:blank")


def told(bench: Bench, version: str, began: float) -> None:
    found, count = bench.found, bench.count
    print(promises(found, count))
    if found.ours:
        rows = {
            "Live lab": found.ours,
            f"Live lab, {count} people at work": found.busy,
            excalidraw.Excalidraw.name: found.peer,
        }
        print(f"\n{frames_table(rows, found.blank)}")
    for name, visits in found.opened.items():
        shown = ", ".join(f"{took:.0f}" for took in visits)
        first = f", {found.first[name][0]:.0f} when nothing was in its cache" if name in found.first else ""
        print(f"\nOpen to interactive, {name}: {shown} ms (median {median(visits):.0f}){first}.")
    if bench.sent_away:
        reasons = ", ".join(sorted(set(bench.sent_away)))
        print(f"\nOf the people {len(bench.sent_away)} were sent away and came back: {reasons}.")
    if bench.server_cpu:
        print(f"\nThe server used {bench.server_cpu:.0%} of a core while the {count} people worked.")
    width, height = chromium.SIZE.values()
    load = f"{began:.1f} at first, {os.getloadavg()[0]:.1f} at last"
    print(
        f"\n{len(bench.scene.notes):,} notes, {len(bench.scene.links)} connectors, {width}x{height}, "
        f"Chromium {version} without a GPU, medians of {bench.visits} visits. "
        f"Load average of the machine: {load}."
    )


def progress(words: str) -> None:
    print(f"  · {time.monotonic() - STARTED:4.0f} s  {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
