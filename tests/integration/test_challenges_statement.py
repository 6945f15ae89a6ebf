"""Statements: Markdown in and out, versions, comparing, restoring; and what follows from writing."""

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
from lab.challenges.markdown_in import MAX_CHARACTERS
from lab.challenges.models import Version
from lab.challenges.room import StatementRooms
from lab.realtime.errors import NotSignedIn, RoomNotFound
from lab.realtime.ports import Access, RoomName, Visitor
from tests.support.app import Browser, Lab, listening
from tests.support.peer import mark, step1, take, update_frame


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


@pytest.fixture
async def statement(lab: Lab) -> Statement:
    fay, pat = await lab.person("Fay", role="facilitator"), await lab.person("Pat")
    answer = await fay.post("/api/challenges", {"title": "Home, “well” & soon", "question": "Why?"})
    challenge = answer.json()["id"]
    await fay.put(f"/api/challenges/{challenge}/members/{pat.id}", {"role": "participant"})
    return Statement(lab, challenge, fay, pat)


# Markdown


async def test_markdown_goes_in_and_comes_out(statement: Statement) -> None:
    text = "# Home\n\nThey wait **all day**.\n\n- one\n- two\n"
    assert await statement.put(text) == 2
    assert await statement.text() == text
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert (shown["summary"], shown["counts"]["words"]) == ("They wait all day.", 7)
    answer = await statement.fay.get(f"{statement.path}.md")
    assert answer.headers["content-type"].startswith("text/markdown")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="home-well-soon.md"; '
        "filename*=UTF-8''Home%2C%20%E2%80%9Cwell%E2%80%9D%20%26%20soon.md"
    )


@pytest.mark.parametrize(
    ("markdown", "status", "code"),
    [
        ("a" * (MAX_CHARACTERS + 1), 413, "markdown_too_big"),
        ("a\n\n" * 10_001, 413, "markdown_too_big"),
        ("x" * 1_300_000, 413, "body_too_big"),
        (">" * 5000, 422, "markdown_too_deep"),
    ],
)
async def test_what_does_not_fit_changes_nothing(
    statement: Statement, markdown: str, status: int, code: str
) -> None:
    await statement.put("As it was.")
    before = await statement.versions()
    answer = await statement.pat.post(f"{statement.path}/import", {"markdown": markdown})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await statement.text(), await statement.versions()) == ("As it was.\n", before)


async def test_hostile_text_is_only_text(statement: Statement) -> None:
    await statement.put(
        "<script>alert(1)</script> [a](javascript:alert(1)) \x1b[31m\n\n![b](data:image/svg+xml,x)"
    )
    version = (await statement.versions())[0]
    shown = (await statement.fay.get(f"{statement.path}/versions/{version['id']}")).json()
    assert "<script" not in shown["html"]
    assert "<a" not in shown["html"]
    assert "\x1b" not in shown["html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; a (javascript:alert(1)) [31m" in shown["html"]


# Versions


async def test_an_import_keeps_both_texts(statement: Statement) -> None:
    await statement.put("First.")
    await statement.put("Second.")
    kinds = [(one["kind"], one["words"], one["name"]) for one in await statement.versions()]
    # What an import brought is kept already: the import after it does not keep it again.
    assert kinds == [
        ("imported", 1, "Imported from Markdown"),
        ("imported", 1, "Imported from Markdown"),
        ("auto", 0, None),
    ]


async def test_restoring_keeps_what_stood_there(statement: Statement) -> None:
    await statement.put("The old text.")
    named = (await statement.pat.post(f"{statement.path}/versions", {"name": "Agreed"})).json()
    assert (named["kind"], named["name"], named["by"]["name"], named["words"]) == (
        "named",
        "Agreed",
        "Pat",
        3,
    )
    room = RoomName(f"statement/{statement.id}")
    await statement.lab.app.state.rooms.replace(room, _seed("Nobody kept this."))
    answer = await statement.pat.post(f"{statement.path}/versions/{named['id']}/restore")
    assert answer.json() == {"epoch": 4}
    assert await statement.text() == "The old text.\n"
    newest, before, *_ = await statement.versions()
    assert (newest["kind"], newest["name"]) == ("restored", "Restored: Agreed")
    whole = (await statement.fay.get(f"{statement.path}/versions/{before['id']}")).json()
    assert (before["kind"], whole["markdown"]) == ("auto", "Nobody kept this.\n")
    assert whole["html"] == "<p>Nobody kept this.</p>"
    assert (
        (await statement.fay.get("/api/lab")).json()["changes"][0]["text"].startswith("restored an earlier")
    )


def _seed(text: str) -> bytes:
    from lab.challenges.building import seed
    from lab.challenges.markdown_in import from_markdown

    return seed(from_markdown(text))


async def test_a_restore_that_fails_leaves_everything_as_it_was(
    statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    await statement.put("First.")
    first = (await statement.versions())[0]["id"]
    await statement.put("Second.")
    before = await statement.versions()

    async def refuses(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("lab.challenges.versions.keep", refuses)
    assert (await statement.pat.post(f"{statement.path}/versions/{first}/restore")).status_code >= 500
    monkeypatch.undo()
    assert (await statement.text(), await statement.versions()) == ("Second.\n", before)
    assert await statement.put("Third.") == 4


async def test_names_of_versions_change_and_make_automatic_ones_last(statement: Statement) -> None:
    await statement.wrote("a", statement.pat)
    (version,) = await statement.versions()
    assert (version["kind"], version["name"], version["by"]["name"]) == ("auto", None, "Pat")
    path = f"{statement.path}/versions/{version['id']}"
    shown = (await statement.fay.patch(path, {"name": "Kept"})).json()
    assert (shown["kind"], shown["name"], shown["by"]["name"]) == ("named", "Kept", "Pat")
    assert (await statement.fay.patch(path, {"name": " "})).status_code == 422
    await statement.put("b")
    imported = (await statement.versions())[0]
    shown = (
        await statement.fay.patch(f"{statement.path}/versions/{imported['id']}", {"name": "Mine"})
    ).json()
    assert (shown["kind"], shown["name"]) == ("imported", "Mine")


async def test_versions_of_another_challenge_are_not_reached_from_here(statement: Statement) -> None:
    await statement.put("a")
    version = (await statement.versions())[0]["id"]
    other = (await statement.fay.post("/api/challenges", {"title": "Other", "question": "Why?"})).json()["id"]
    path = f"/api/challenges/{other}/statement/versions"
    for answer in (
        await statement.fay.get(f"{path}/{version}"),
        await statement.fay.patch(f"{path}/{version}", {"name": "x"}),
        await statement.fay.post(f"{path}/{version}/restore"),
        await statement.fay.get(f"{path}/compare?from={version}"),
        await statement.fay.get(f"{statement.path}/versions/nonsense"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "version_not_found")


async def test_comparing_a_version_with_another_and_with_now(statement: Statement) -> None:
    await statement.put("They wait.\n\nAll day.")
    first = (await statement.versions())[0]["id"]
    await statement.put("They wait six hours.\n\nAll day.")
    second = (await statement.versions())[0]["id"]
    expected = [
        {
            "kind": "changed", "type": "paragraph", "level": None, "marker": None, "cells": [],
            "parts": [
                {"op": "same", "text": "They wait"}, {"op": "added", "text": " six hours"},
                {"op": "same", "text": "."},
            ],
        },
        {
            "kind": "same", "type": "paragraph", "level": None, "marker": None, "cells": [],
            "parts": [{"op": "same", "text": "All day."}],
        },
    ]  # fmt: skip
    for to in (second, "now"):
        found = (await statement.pat.get(f"{statement.path}/versions/compare?from={first}&to={to}")).json()
        assert found == {"from": first, "to": to, "blocks": expected, "words_added": 2, "words_removed": 0}
    found = (await statement.pat.get(f"{statement.path}/versions/compare?from=now")).json()
    assert (found["words_added"], found["words_removed"]) == (0, 0)
    for bad in ("", "?from=", "?to=now", "?from=x&from=y"):
        assert (await statement.pat.get(f"{statement.path}/versions/compare{bad}")).status_code == 422


async def test_versions_come_in_pages(statement: Statement) -> None:
    for n in range(5):
        await statement.pat.post(f"{statement.path}/versions", {"name": f"Version {n}"})
    names: list[str] = []
    cursor = ""
    while cursor is not None:
        answer = (await statement.fay.get(f"{statement.path}/versions?limit=2{cursor}")).json()
        names += [one["name"] for one in answer["items"]]
        cursor = f"&cursor={answer['next']}" if answer["next"] else None  # type: ignore[assignment]
    assert names == [f"Version {n}" for n in (4, 3, 2, 1, 0)]


async def test_named_versions_are_bounded(statement: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.challenges.versions.MOST_NAMED", 2)
    answers = [await statement.pat.post(f"{statement.path}/versions", {"name": "x"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 409]
    assert answers[2].json()["code"] == "too_many_versions"


# What follows from writing


async def test_writing_is_told_and_kept_every_ten_minutes(statement: Statement) -> None:
    clock = statement.lab.clock
    for minute in range(25):
        await statement.wrote(f"Text of minute {minute}. And more.", statement.pat)
        clock.advance(60)
    found = await statement.versions()
    assert [(one["kind"], one["at"][14:16]) for one in found] == [
        ("auto", "24"),
        ("auto", "19"),
        ("auto", "09"),
    ]
    newest = (await statement.fay.get(f"{statement.path}/versions/{found[0]['id']}")).json()
    assert newest["markdown"] == "Text of minute 24. And more.\n"
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert (shown["summary"], shown["counts"]["words"]) == ("Text of minute 24.", 6)
    assert shown["updated_at"] == "2026-01-05T09:24:00Z"
    edits = [
        one for one in (await statement.fay.get("/api/lab")).json()["changes"] if one["verb"] == "edited"
    ]
    assert [(one["at"], one["person"]["name"]) for one in edits] == [("2026-01-05T09:24:00Z", "Pat")]


async def test_the_same_content_is_not_kept_twice(statement: Statement) -> None:
    for _ in range(3):
        await statement.wrote("Same.", statement.pat)
        statement.lab.clock.advance(3600)
    await statement.wrote("Same.")
    assert len(await statement.versions()) == 1
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert shown["updated_at"] == "2026-01-05T11:00:00Z"


async def test_what_several_wrote_is_nobodys_alone(statement: Statement) -> None:
    await statement.wrote("One.", statement.pat)
    await statement.wrote("Two.", statement.fay)
    (version,) = await statement.versions()
    assert version["by"] is None
    await statement.wrote("Three.", statement.fay, statement.pat)
    statement.lab.clock.advance(3600)
    await statement.wrote("Four.", statement.fay, statement.pat)
    assert [one["by"] for one in await statement.versions()] == [None, None]


async def test_a_document_that_was_replaced_has_no_say_any_more(statement: Statement) -> None:
    room = RoomName(f"statement/{statement.id}")
    old: Doc[Any] = Doc()
    old.apply_update(await statement.lab.app.state.rooms.read(room))
    old.get(ROOT, type=XmlFragment).children.append(XmlElement("paragraph")).children.append(XmlText("Late."))
    await statement.put("New text.")
    before = await statement.versions()
    await statement.rooms.saved(statement.id, old, frozenset({statement.pat.id}))
    assert await statement.versions() == before
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert shown["summary"] == "New text."
    changes = (await statement.fay.get("/api/lab")).json()["changes"]
    assert "edited" in {one["verb"] for one in changes}


async def test_old_automatic_versions_go_and_named_ones_stay(
    statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.challenges.keeping.KEPT_AUTOMATIC", 3)
    await statement.pat.post(f"{statement.path}/versions", {"name": "Kept"})
    for n in range(6):
        statement.lab.clock.advance(3600)
        await statement.wrote(f"Hour {n}.", statement.pat)
    assert [one["kind"] for one in await statement.versions()] == ["auto", "auto", "auto", "named"]


async def test_strangers_to_the_database_and_lost_challenges_are_passed_over(statement: Statement) -> None:
    doc: Doc[Any] = Doc()
    await statement.rooms.saved(statement.id, doc, frozenset({"nobody-we-know"}))
    await statement.rooms.saved("no-such-challenge", doc, frozenset({statement.pat.id}))
    (version,) = await statement.versions()
    assert version["by"] is None


# The room


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
