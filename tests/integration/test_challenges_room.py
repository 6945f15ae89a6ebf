"""The room of a statement: who may come in, and what those who are there hear."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText
from sqlmodel import select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from lab.challenges.document import ROOT
from lab.challenges.models import Version
from lab.realtime.errors import NotSignedIn, RoomNotFound
from lab.realtime.ports import Access, Visitor
from tests.support.app import Browser, listening
from tests.support.peer import mark, step1, take, update_frame
from tests.support.statement import Statement


async def test_who_may_open_the_room(statement: Statement) -> None:
    def visitor(browser: Browser) -> Visitor:
        return Visitor(browser.id, "x", "x")

    lab, rooms = statement.lab, statement.rooms
    stranger, staff = await lab.person("Sue"), await lab.person("Sam", role="staff")
    obi = await lab.person("Obi")
    await statement.fay.put(f"/api/challenges/{statement.id}/members/{obi.id}", {"role": "observer"})
    for browser, access in ((statement.fay, Access.WRITE), (staff, Access.WRITE), (obi, Access.READ)):
        assert await rooms.access(statement.id, visitor(browser)) == access
    for key, browser in ((statement.id, stranger), ("nonsense", staff)):
        with pytest.raises(RoomNotFound):
            await rooms.access(key, visitor(browser))
    with pytest.raises(NotSignedIn):
        await rooms.access(statement.id, None)
    assert not await rooms.create_on_join("nonsense", visitor(staff))
    await statement.fay.patch(f"/api/challenges/{statement.id}", {"archived": True})
    assert await rooms.access(statement.id, visitor(statement.fay)) == Access.READ
    await staff.patch(f"/api/people/{obi.id}", {"suspended": True})
    with pytest.raises(RoomNotFound):
        await rooms.access(statement.id, visitor(obi))


class Tab:
    """One page with the statement open: a document, and a socket that speaks docs/protocol.md."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.doc: Doc[Any] = Doc()
        self.root = self.doc.get(ROOT, type=XmlFragment)
        self.events: list[dict[str, Any]] = []
        self.saved = 0

    async def hear(self, until: Any) -> None:
        async with asyncio.timeout(60):
            while not until(self):
                message = await self.socket.recv()
                assert isinstance(message, bytes)
                self._take(message)

    def _take(self, message: bytes) -> None:
        if message[0] == 0 and message[1] in (1, 2):
            length, at = take(message, 2)
            self.doc.apply_update(message[at : at + length])
        elif message[0] == 101:
            self.saved = take(message, 1)[0]
        elif message[0] == 102:
            length, at = take(message, 1)
            self.events.append(json.loads(message[at : at + length]))

    async def write(self, text: str) -> None:
        before = self.doc.get_state()
        element = self.root.children.append(XmlElement("paragraph"))
        element.children.append(XmlText(text))
        await self.socket.send(update_frame(self.doc.get_update(before)))
        await self.socket.send(mark(1))


@pytest.fixture
async def url(statement: Statement) -> AsyncIterator[str]:
    async with listening(statement.lab) as address:
        yield address


async def tab(url: str, statement: Statement, browser: Browser) -> Tab:
    socket = await connect(
        f"{url.replace('http', 'ws')}/ws/statement/{statement.id}?schema=1",
        additional_headers={"cookie": f"lab={browser.http.cookies['lab']}", "origin": url},
        subprotocols=["lab.v1"],  # type: ignore[list-item]
    )
    opened = Tab(socket)
    await socket.send(step1(opened.doc.get_state()))
    await opened.hear(lambda one: len(list(one.root.children)) > 0)
    return opened


async def test_what_people_write_over_sockets_is_the_statement(url: str, statement: Statement) -> None:
    one, two = await tab(url, statement, statement.pat), await tab(url, statement, statement.fay)
    assert one.events[0]["type"] == "joined"
    await one.write("Written together.")
    await one.hear(lambda here: here.saved == 1)
    await two.hear(lambda here: "Written together." in str(here.root))
    assert await statement.text() == "Written together.\n"
    members = (await statement.fay.get(f"/api/challenges/{statement.id}/members")).json()["items"]
    assert {(each["person"]["name"], each["here"]) for each in members} == {("Fay", True), ("Pat", True)}
    await one.socket.close()
    await two.socket.close()


async def test_whoever_is_there_hears_that_somebody_joined_by_an_invitation(
    url: str, statement: Statement
) -> None:
    made = await statement.fay.post(f"/api/challenges/{statement.id}/invitations", {"role": "participant"})
    secret = made.json()["url"].partition("#")[2]
    here = await tab(url, statement, statement.pat)
    guest = statement.lab.browser()
    for _ in range(2):  # the second time nothing changes, and nothing is said
        answer = await guest.post("/api/invitations/accept", {"secret": secret, "name": "Kit"})
        assert answer.status_code == 200, answer.text
    told = {"type": "changed", "what": "members"}
    await here.hear(lambda one: told in one.events)
    await here.write("After that.")
    await here.hear(lambda one: one.saved == 1)
    assert here.events.count(told) == 1
    await here.socket.close()


async def test_a_restore_sends_everybody_to_the_new_epoch(url: str, statement: Statement) -> None:
    named = (await statement.pat.post(f"{statement.path}/versions", {"name": "Empty"})).json()["id"]
    here = await tab(url, statement, statement.pat)
    await here.write("Typed before the restore.")
    await here.hear(lambda one: one.saved == 1)
    answer = await statement.fay.post(f"{statement.path}/versions/{named}/restore")
    assert answer.json() == {"epoch": 2}
    with pytest.raises(ConnectionClosed) as closed:
        await here.hear(lambda one: False)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4409, "epoch")
    assert {"type": "epoch", "epoch": 2} in here.events
    # The room of the old epoch closes a moment later, and tells once more what it held.
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert (shown["summary"], shown["counts"]["words"]) == ("", 0)
    async with statement.lab.people.database.reading() as session:
        kept = list(await session.exec(select(Version).order_by(Version.id)))  # type: ignore[arg-type]
    assert [version.kind for version in kept][:1] == ["named"]
    texts = [
        (await statement.fay.get(f"{statement.path}/versions/{version.id}")).json()["markdown"]
        for version in kept
    ]
    assert "Typed before the restore.\n" in texts


async def test_changes_of_rows_are_told_to_those_in_the_room(url: str, statement: Statement) -> None:
    here = await tab(url, statement, statement.pat)
    path = f"/api/challenges/{statement.id}"
    await statement.fay.post(f"{path}/comments", {"text": "Hello"})
    await statement.fay.post(f"{statement.path}/versions", {"name": "Now"})
    await statement.fay.patch(path, {"title": "Other"})
    await statement.fay.put(f"{path}/members/{statement.pat.id}", {"role": "observer"})
    await here.hear(lambda one: {"type": "changed", "what": "members"} in one.events)
    assert [event["what"] for event in here.events if event["type"] == "changed"] == [
        "comments", "versions", "challenge", "members",
    ]  # fmt: skip
    assert {"type": "access", "access": "read"} in here.events
    await statement.fay.delete(f"{path}/members/{statement.pat.id}")
    with pytest.raises(ConnectionClosed) as closed:
        await here.hear(lambda one: False)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in (4403, 4404)


async def test_the_archive_reaches_open_pages(url: str, statement: Statement) -> None:
    here = await tab(url, statement, statement.pat)
    await statement.fay.patch(f"/api/challenges/{statement.id}", {"archived": True})
    await here.hear(lambda one: {"type": "access", "access": "read"} in one.events)
    await here.write("Too late.")
    await here.hear(lambda one: any(event["type"] == "refused" for event in one.events))
    assert await statement.text() == ""
    await here.socket.close()
