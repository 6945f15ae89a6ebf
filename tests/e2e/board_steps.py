"""Steps on boards: by people with browsers, and by a peer without one, who speaks only the wire."""

from __future__ import annotations

import asyncio
import itertools
import re
import struct
import zlib
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from playwright.sync_api import APIRequestContext, Locator, Page, expect
from pycrdt import Map, Text

from bench.peer import Peer
from bench.server import Server

from .steps import done, saved

T = TypeVar("T")
Thing = dict[str, Any]
"""Facet -> what stands there."""
SLOW = 25_000
"""Milliseconds: for what several processes take part in."""
AT = "2026-11-23T10:05Z"
_NUMBERS = itertools.count(1)


class Guest(Peer):
    """Somebody at a board whose screen is this test."""

    def __init__(self, lab: Server, board: str, token: str) -> None:
        super().__init__(f"{lab.ws}/board/{board}?schema=1", token)
        self.objects: Map[Any] = self.doc.get("objects", type=Map)
        self.events: list[dict[str, Any]] = []

    def event(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    def refusals(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == "refused"]

    async def done(self, change: Callable[[], None]) -> None:
        """Made, and durable."""
        before = len(self.refusals())
        number = await self.write(change)
        await self.until(lambda: self.saved >= number or len(self.refusals()) > before)
        assert self.saved >= number, self.refusals()[before:]

    async def refused(self, change: Callable[[], None]) -> dict[str, Any]:
        """What the answer to a change that is not taken says."""
        before = len(self.refusals())
        await self.write(change)
        await self.until(lambda: len(self.refusals()) > before)
        return self.refusals()[-1]


def as_guest(lab: Server, board: str, token: str, act: Callable[[Guest], Awaitable[T]]) -> T:
    """What somebody without a browser does there, from joining to leaving."""

    async def visit() -> T:
        async with Guest(lab, board, token).joined() as guest:
            assert isinstance(guest, Guest)
            return await act(guest)

    return apart(visit)


def apart(run: Callable[[], Awaitable[T]]) -> T:
    """In a thread with a loop of its own: the one of this thread belongs to the browsers."""

    async def whole() -> T:
        return await run()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(whole())).result()


# -- boards without a browser


def new_board(api: APIRequestContext, challenge: str, title: str = "Ideas", **more: Any) -> str:
    """Its id."""
    return str(done(api.post(f"/api/challenges/{challenge}/boards", data={"title": title, **more}))["id"])


def thing(kind: str, text: str, x: float = 0, y: float = 0, **facets: Any) -> dict[str, Any]:
    """Of `furnish`: what lies at a place. `parent` and the like are the facets of the document."""
    id = f"thing{next(_NUMBERS):07}"
    return {"id": id, "kind": kind, "text": text, "place": {"x": x, "y": y}, **facets}


def note(text: str, x: float = 0, y: float = 0, **facets: Any) -> dict[str, Any]:
    return thing("note", text, x, y, **facets)


def area(text: str, x: float, y: float, w: float = 680, h: float = 560, **facets: Any) -> dict[str, Any]:
    return thing("area", text, x, y, size={"w": w, "h": h}, **facets)


def furnish(lab: Server, board: str, token: str, things: Iterable[dict[str, Any]]) -> None:
    every = list(things)

    async def act(guest: Guest) -> None:
        await guest.done(lambda: put(guest, every))

    as_guest(lab, board, token, act)


def put(guest: Guest, things: Iterable[dict[str, Any]]) -> None:
    for at, one in enumerate(things):
        id = one["id"]
        guest.objects[f"{id}/made"] = {"kind": one["kind"], "by": None, "at": AT}
        guest.objects[f"{id}/z"] = f"a{at // 62 % 62:02}{at % 62:02}"
        guest.objects[f"{id}/text"] = Text(one["text"])
        for facet, value in one.items():
            if facet not in ("id", "kind", "text"):
                guest.objects[f"{id}/{facet}"] = value


def kept(lab: Server, board: str, token: str) -> dict[str, Thing]:
    """What a newcomer gets: id -> facets, what was removed left out."""

    async def act(guest: Guest) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for key in guest.objects:
            id, facet = key.split("/", 1)
            value = guest.objects[key]
            found.setdefault(id, {})[facet] = str(value) if isinstance(value, Text) else value
        return {id: facets for id, facets in found.items() if "made" in facets and "gone" not in facets}

    return as_guest(lab, board, token, act)


def texts(things: dict[str, dict[str, Any]], kind: str = "note") -> list[str]:
    return sorted(each.get("text", "") for each in things.values() if each["made"]["kind"] == kind)


def picture(width: int, height: int) -> bytes:
    """A PNG, one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes([at % 256]) * width for at in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# -- boards in a browser


def address(challenge: str, board: str) -> str:
    return f"/challenges/{challenge}/boards/{board}"


def opens_board(page: Page, path: str) -> None:
    """With its notes in the page."""
    page.goto(path)
    settled(page)


def settled(page: Page) -> None:
    expect(saved(page)).to_have_text(re.compile("Saved|Read only"), timeout=SLOW)
    expect(board(page)).to_be_attached(timeout=SLOW)


def board(page: Page) -> Locator:
    return page.get_by_role("listbox", name=re.compile("^Notes"))


def on_board(page: Page, words: str) -> Locator:
    """By the words it begins with."""
    return board(page).get_by_role("option", name=re.compile(f"^{re.escape(words)}"))


def as_drawn(page: Page, one: dict[str, Any]) -> Locator:
    """What `furnish` made, also while its text is in a field and not among its words."""
    return board(page).locator(f"[data-id={one['id']}]")


def outline(page: Page) -> Locator:
    return page.get_by_role("region", name="Outline", exact=True)


def in_outline(page: Page, words: str) -> Locator:
    return outline(page).locator("button[data-item]").filter(has_text=re.compile(f"^{re.escape(words)}"))


def field(page: Page) -> Locator:
    """Of the note that is being written."""
    return page.get_by_role("textbox", name="Text of the note")


def middle(thing: Locator) -> tuple[float, float]:
    box = thing.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


MOVED = """([words, x, y]) => {
    const notes = [...document.querySelectorAll('[role=option]')];
    const box = notes.find((each) => each.textContent.startsWith(words))?.getBoundingClientRect();
    return box && Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) > 20;
}"""


RESTED = """async (words) => {
    const notes = () => [...document.querySelectorAll('[role=option]')];
    const place = () => {
        const box = notes().find((each) => each.textContent.startsWith(words))?.getBoundingClientRect();
        return box && `${box.x} ${box.y}`;
    };
    let [before, still] = [place(), 0];
    while (still < 12) {
        await new Promise(requestAnimationFrame);
        const now = place();
        still = now !== undefined && now === before ? still + 1 : 0;
        before = now;
    }
    return true;
}"""


def moves(page: Page, words: str, before: tuple[float, float]) -> None:
    """Waits until the middle of that note is elsewhere on this screen, and rests there."""
    page.wait_for_function(MOVED, arg=[words, *before], timeout=SLOW)
    page.evaluate(RESTED, words)


def drag(page: Page, thing: Locator, dx: float, dy: float, *, steps: int = 8, drop: bool = True) -> None:
    x, y = middle(thing)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=steps)
    if drop:
        page.mouse.up()
