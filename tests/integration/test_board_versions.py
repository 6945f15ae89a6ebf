"""Versions and templates of boards over HTTP."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc

from lab.boards import keeping
from lab.boards.document import build
from lab.boards.objects import BoardContent, BoardObject, End
from lab.boards.room import BoardRooms
from lab.grounds import Grounds
from lab.realtime.ports import RoomName
from tests.support.app import running_lab
from tests.support.sitting import Group, grouped


def content(*notes: str) -> BoardContent:
    return BoardContent(
        legend={"rose": "Worry"},
        objects=(
            BoardObject(id="area", kind="area", text="Here", z="a"),
            *(
                BoardObject(id=f"n{at}", kind="note", text=text, z=f"b{at}", parent="area")
                for at, text in enumerate(notes)
            ),
        ),
    )


class Kept:
    """One board, put into any state, as if people had brought it there."""

    def __init__(self, group: Group, board: str) -> None:
        self.group, self.board, self.path = group, board, f"/api/boards/{board}"
        self.rooms = BoardRooms(group.lab.people.database, group.lab.clock, Grounds())

    async def wrote(self, what: BoardContent, *people: Any) -> None:
        doc: Doc[Any] = Doc()
        doc.apply_update(build(what))
        await self.rooms.saved(self.board, doc, frozenset(person.id for person in people))

    async def holds(self, what: BoardContent) -> None:
        await self.group.lab.app.state.rooms.replace(RoomName(f"board/{self.board}"), build(what))

    async def versions(self, query: str = "") -> list[dict[str, Any]]:
        return list((await self.group.obi.get(f"{self.path}/versions{query}")).json()["items"])


@pytest.fixture
async def kept(group: Group) -> Kept:
    return Kept(group, (await group.begin(group.pat))["id"])


async def test_what_was_there_is_kept_every_ten_minutes(kept: Kept) -> None:
    clock, pat, uma = kept.group.lab.clock, kept.group.pat, kept.group.uma
    await kept.wrote(content("One"), pat)
    clock.advance(300)
    await kept.wrote(content("One", "Two"), uma)
    (version,) = await kept.versions()
    assert (version["kind"], version["notes"], version["by"]) == ("auto", 2, None)
    await kept.wrote(content("One", "Two"), uma)
    assert await kept.versions() == [version]
    clock.advance(timedelta(minutes=10).total_seconds())
    await kept.wrote(content("Three"), uma)
    newest, _ = await kept.versions()
    assert (newest["notes"], newest["by"]) == (1, {"id": uma.id, "name": "Uma"})
    whole = (await kept.group.obi.get(f"{kept.path}/versions/{version['id']}")).json()
    assert {key: whole[key] for key in version} == version
    board = BoardContent.model_validate(whole["board"])
    assert board == content("One", "Two")
    first, following = [
        (await kept.group.obi.get(f"{kept.path}/versions?limit=1{more}")).json()
        for more in ("", f"&cursor={newest['id']}")
    ]
    assert (first["items"], first["next"]) == ([newest], newest["id"])
    assert (following["items"], following["next"]) == ([version], None)


async def test_the_oldest_automatic_versions_go(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEPT_AUTOMATIC", 2)
    for count in range(1, 5):
        kept.group.lab.clock.advance(700)
        await kept.wrote(content(*"x" * count), kept.group.pat)
    assert [one["notes"] for one in await kept.versions()] == [4, 3]


async def test_a_version_is_named_and_told(kept: Kept) -> None:
    await kept.holds(content("One"))
    made = await kept.group.pat.post(f"{kept.path}/versions", {"name": " After  round one "})
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["kind"], made.json()["notes"]) == ("After round one", "named", 1)
    await kept.wrote(content("One", "Two"), kept.group.uma)
    newest = (await kept.versions())[0]
    renamed = await kept.group.uma.patch(f"{kept.path}/versions/{newest['id']}", {"name": "Round two"})
    assert (renamed.json()["name"], renamed.json()["kind"]) == ("Round two", "named")
    changes = (await kept.group.fay.get("/api/lab")).json()["changes"]
    assert "kept the version “After round one” of the board “Ideas”" in [one["text"] for one in changes]


async def test_what_was_brought_back_is_told_and_kept(kept: Kept) -> None:
    await kept.holds(content("One"))
    version = (await kept.group.pat.post(f"{kept.path}/versions", {"name": "Agreed"})).json()["id"]
    for body, name, told in (
        ({}, "Restored: Agreed", "brought back the board “Ideas” as it was before"),
        (
            {"area": "area"},
            "Restored an area: Agreed",
            "brought back an area of the board “Ideas” as it was before",
        ),
    ):
        answer = await kept.group.pat.post(f"{kept.path}/restored", {"version": version, **body})
        assert answer.status_code == 201
        assert (answer.json()["name"], answer.json()["kind"]) == (name, "restored")
        changes = (await kept.group.fay.get("/api/lab")).json()["changes"]
        assert told in [one["text"] for one in changes]


async def test_versions_are_for_those_who_may_know_of_the_board(kept: Kept) -> None:
    other = Kept(kept.group, (await kept.group.begin(kept.group.pat, "Other"))["id"])
    version = (await kept.group.pat.post(f"{kept.path}/versions", {"name": "Agreed"})).json()["id"]
    elsewhere = f"{other.path}/versions/{version}"
    for browser, method, path, body, status, code in (
        (kept.group.sue, "GET", f"{kept.path}/versions", None, 404, "board_not_found"),
        (kept.group.obi, "POST", f"{kept.path}/versions", {"name": "x"}, 403, "cannot_edit"),
        (kept.group.obi, "POST", f"{kept.path}/restored", {"version": version}, 403, "cannot_edit"),
        (kept.group.pat, "GET", elsewhere, None, 404, "version_not_found"),
        (
            kept.group.pat,
            "PATCH",
            f"{other.path}/versions/{version}",
            {"name": "x"},
            404,
            "version_not_found",
        ),
        (kept.group.pat, "POST", f"{other.path}/restored", {"version": version}, 404, "version_not_found"),
        (kept.group.pat, "POST", f"{kept.path}/versions", {"name": " "}, 422, "invalid"),
    ):
        answer = await browser.send(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_named_versions_have_an_end(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.boards.versions.MOST_NAMED", 1)
    assert (await kept.group.pat.post(f"{kept.path}/versions", {"name": "One"})).status_code == 201
    answer = await kept.group.pat.post(f"{kept.path}/versions", {"name": "Two"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_versions")


# Templates


async def test_a_board_is_saved_as_a_template_and_begun_from_it(kept: Kept) -> None:
    group = kept.group
    full = content("What Pat said")
    line = BoardObject(id="line", kind="connector", start=End(object="area"), end=End(object="n0"), z="c")
    loose = BoardObject(id="loose", kind="connector", start=End(object="area"), end=End(x=5, y=5), z="d")
    await kept.holds(full.model_copy(update={"objects": (*full.objects, line, loose)}))
    saved = await group.pat.post(f"{kept.path}/template", {"title": "Our way"})
    assert saved.status_code == 201
    assert saved.json() == {
        "id": saved.json()["id"],
        "title": "Our way",
        "about": "Saved from a board.",
        "family": "Saved",
        "built_in": False,
        "areas": ["Here"],
        "yours": True,
    }
    path = f"/api/board-templates?challenge={group.challenge}"
    for browser, yours in ((group.pat, True), (group.uma, False), (group.fay, True)):
        items = (await browser.get(path)).json()["items"]
        assert [one["yours"] for one in items if not one["built_in"]] == [yours]
    board = await group.begin(group.uma, "From it", template=saved.json()["id"])
    version = (await group.uma.post(f"/api/boards/{board['id']}/versions", {"name": "v"})).json()["id"]
    begun = (await group.uma.get(f"/api/boards/{board['id']}/versions/{version}")).json()["board"]
    assert [(one["id"], one["kind"], one["by"]) for one in begun["objects"]] == [
        ("area", "area", group.uma.id),
        ("loose", "connector", group.uma.id),
    ]
    assert begun["legend"] == {"rose": "Worry"}
    elsewhere = (await group.sue.get("/api/board-templates")).json()["items"]
    assert [one for one in elsewhere if not one["built_in"]] == []
    for answer in (
        await group.sue.delete(f"/api/board-templates/{saved.json()['id']}"),
        await group.pat.delete("/api/board-templates/nothing"),
        await group.pat.post(group.path, {"title": "T", "template": "nothing"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "template_not_found")
    answer = await group.uma.delete(f"/api/board-templates/{saved.json()['id']}")
    assert (answer.status_code, answer.json()["code"]) == (403, "cannot_lead")
    assert (await group.fay.delete(f"/api/board-templates/{saved.json()['id']}")).status_code == 204


async def test_templates_have_an_end(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.boards.saved_templates.MOST_TEMPLATES", 0)
    answer = await kept.group.pat.post(f"{kept.path}/template", {"title": "T"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_templates")


async def test_boards_have_an_end(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.boards.service.MOST_BOARDS", 1)
    await group.begin(group.pat)
    answer = await group.pat.post(group.path, {"title": "Two"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_boards")


async def test_what_a_board_begins_with_leaves_room_to_work_in(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept.holds(content("One"))
    template = (await kept.group.pat.post(f"{kept.path}/template", {"title": "T"})).json()["id"]
    monkeypatch.setattr("lab.boards.service.MOST_BEGUN", 20)
    answer = await kept.group.pat.post(kept.group.path, {"title": "T", "template": template})
    assert (answer.status_code, answer.json()["code"]) == (422, "board_too_big")
    assert len((await kept.group.pat.get(kept.group.path)).json()["items"]) == 1


async def test_in_an_archived_challenge_boards_are_read(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    await group.fay.patch(f"/api/challenges/{group.challenge}", {"archived": True})
    assert (await group.pat.get(f"/api/boards/{board}")).status_code == 200
    for answer in (
        await group.pat.post(group.path, {"title": "New"}),
        await group.fay.patch(f"/api/boards/{board}", {"archived": False}),
        await group.fay.post(f"/api/boards/{board}/versions", {"name": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "challenge_archived")


async def test_a_journey_is_the_same_on_every_database(database_url: str, tmp_path: Path) -> None:
    async with running_lab(database_url, tmp_path) as lab:
        group = await grouped(lab)
        kept = Kept(group, (await group.begin(group.pat))["id"])
        await kept.holds(content("One"))
        await kept.wrote(content("One"), group.pat, group.uma)
        lab.clock.advance(900)
        await kept.wrote(content("One", "Two"), group.uma)
        assert [one["notes"] for one in await kept.versions()] == [2, 1]
        for method, path, body, status in (
            ("POST", "versions", {"name": "Agreed"}, 201),
            ("PUT", "locks/n0", {"level": "all", "who": "facilitators"}, 200),
            ("PUT", "areas/area", {"edit": "own"}, 200),
            ("POST", "template", {"title": "Our way"}, 201),
            (
                "POST",
                "comments",
                {"text": "Why?", "anchor": {"object": "n0"}, "mentions": [group.uma.id]},
                201,
            ),
            ("DELETE", "locks/n0", None, 204),
        ):
            answer = await group.fay.send(method, f"{kept.path}/{path}", body)
            assert answer.status_code == status, (path, answer.text)
        version = (await kept.versions())[0]["id"]
        assert (await group.uma.post(f"{kept.path}/restored", {"version": version})).status_code == 201
        assert (await group.uma.get("/api/me/mentions")).json()["items"][0]["place"]["kind"] == "board"
        assert (await group.fay.patch(kept.path, {"archived": True})).json()["rules"]["locks"] == []
