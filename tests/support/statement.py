"""A statement over HTTP, and the people who work on it."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from lab.challenges.document import ROOT
from lab.challenges.room import StatementRooms
from tests.support.app import Browser, Lab


class Statement:
    """One statement and the people who work on it."""

    def __init__(self, lab: Lab, challenge: str, fay: Browser, pat: Browser) -> None:
        self.lab, self.id, self.fay, self.pat = lab, challenge, fay, pat
        self.path = f"/api/challenges/{challenge}/statement"
        self.rooms = StatementRooms(lab.people.database, lab.clock)

    async def put(self, markdown: str) -> int:
        answer = await self.pat.post(f"{self.path}/import", {"markdown": markdown})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["epoch"])

    async def text(self) -> str:
        answer = await self.fay.get(f"{self.path}.md")
        assert answer.status_code == 200
        return answer.text

    async def versions(self) -> list[dict[str, Any]]:
        return list((await self.fay.get(f"{self.path}/versions")).json()["items"])

    async def wrote(self, text: str, *people: Browser) -> None:
        """The engine tells that these people wrote this."""
        doc: Doc[Any] = Doc()
        element = doc.get(ROOT, type=XmlFragment).children.append(XmlElement("paragraph"))
        element.children.append(XmlText(text))
        await self.rooms.saved(self.id, doc, frozenset(person.id for person in people))
