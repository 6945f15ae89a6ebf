"""People at a board: their document over a real socket, and what they were told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from pycrdt import Map, Text

from bench.peer import Peer
from tests.support.app import Browser, Lab

AT = "2026-01-05T09:00Z"


class Sitter(Peer):
    """One person's copy of one board."""

    def __init__(self, url: str, token: str, person: str) -> None:
        super().__init__(url, token)
        self.person = person
        self.events: list[dict[str, Any]] = []
        self.objects: Map[Any] = self.doc.get("objects", type=Map)

    def event(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    def told(self, type: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == type]

    def put(self, key: str, value: Any) -> Callable[[], None]:
        return partial(self.objects.__setitem__, key, value)

    def make(self, id: str, kind: str = "note", text: str = "", **facets: Any) -> Callable[[], None]:
        def change() -> None:
            self.objects[f"{id}/made"] = {"kind": kind, "by": self.person, "at": AT}
            self.objects[f"{id}/place"] = {"x": 0, "y": 0}
            self.objects[f"{id}/text"] = Text(text)
            for facet, value in facets.items():
                self.objects[f"{id}/{facet}"] = value

        return change

    async def done(self, change: Callable[[], None]) -> None:
        """Made, and durable."""
        await self.until_saved(await self.write(change))

    async def refused(self, change: Callable[[], None]) -> dict[str, Any]:
        """What the answer to a change that is not taken says."""
        before = len(self.told("refused"))
        await self.write(change)
        await self.until(lambda: len(self.told("refused")) > before)
        return self.told("refused")[-1]


@dataclass
class Group:
    """One challenge with a facilitator, two participants and an observer; a stranger outside."""

    lab: Lab
    challenge: str
    fay: Browser
    pat: Browser
    uma: Browser
    obi: Browser
    sue: Browser

    @property
    def path(self) -> str:
        return f"/api/challenges/{self.challenge}/boards"

    async def begin(self, browser: Browser, title: str = "Ideas", **more: Any) -> dict[str, Any]:
        answer = await browser.post(self.path, {"title": title, **more})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


async def grouped(lab: Lab) -> Group:
    fay = await lab.person("Fay", role="facilitator")
    pat, uma, obi, sue = [await lab.person(name) for name in ("Pat", "Uma", "Obi", "Sue")]
    challenge = (await fay.post("/api/challenges", {"title": "Home soon", "question": "Q?"})).json()["id"]
    for browser, role in ((pat, "participant"), (uma, "participant"), (obi, "observer")):
        await fay.put(f"/api/challenges/{challenge}/members/{browser.id}", {"role": role})
    return Group(lab, challenge, fay, pat, uma, obi, sue)


@asynccontextmanager
async def sitting(lab: Lab, address: str, board: str, browser: Browser) -> AsyncIterator[Sitter]:
    """At the board for the length of the block. `address` as `listening` gives it."""
    async with lab.people.database.transaction() as session:
        _, token = await lab.people.tokens.make(session, browser.id, "test", None)
    url = f"{address.replace('http', 'ws', 1)}/ws/board/{board}?schema=1"
    sitter = Sitter(url, token, browser.id)
    async with sitter.joined():
        yield sitter
