"""Boards over HTTP and their rooms: who may see, make, change and archive one, what follows from edits."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc

from lab.boards.document import build, read_state
from lab.boards.objects import BoardContent, BoardObject
from lab.boards.room import BoardRooms
from lab.grounds import Grounds
from lab.realtime.ports import RoomName
from tests.support.app import Browser, listening
from tests.support.sitting import Group, sitting


async def test_a_board_is_made_and_found(group: Group) -> None:
    made = await group.begin(group.pat, "  First\tideas ")
    assert made == {
        "id": made["id"],
        "challenge": {"id": group.challenge, "title": "Home soon"},
        "title": "First ideas",
        "notes": 0,
        "authors": "shown",
        "archived": False,
        "your_role": "participant",
        "created_by": {"id": group.pat.id, "name": "Pat", "colour": group.pat.person["colour"]},
        "created_at": "2026-01-05T09:00:00Z",
        "updated_at": "2026-01-05T09:00:00Z",
        "here": [],
    }
    group.lab.clock.advance(60)
    later = await group.begin(group.fay, "Later", authors="hidden")
    listed = (await group.obi.get(group.path)).json()
    assert [one["id"] for one in listed["items"]] == [later["id"], made["id"]]
    assert listed["next"] is None
    whole = (await group.obi.get(f"/api/boards/{later['id']}")).json()
    assert whole == {**later, "your_role": "observer", "rules": {"locks": [], "areas": []}}
    changes = (await group.obi.get("/api/lab")).json()["changes"]
    assert {one["text"] for one in changes} >= {"began the board “Later”", "began the board “First ideas”"}


async def test_whoever_may_not_know_of_a_board_finds_none(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    for answer in (
        await group.sue.get(f"/api/boards/{board}"),
        await group.sue.patch(f"/api/boards/{board}", {"title": "Mine"}),
        await group.fay.get("/api/boards/nonsense"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "board_not_found")
    for answer in (await group.sue.get(group.path), await group.sue.post(group.path, {"title": "T"})):
        assert (answer.status_code, answer.json()["code"]) == (404, "challenge_not_found")


async def test_observers_read_along(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    for answer in (
        await group.obi.post(group.path, {"title": "Mine"}),
        await group.obi.patch(f"/api/boards/{board}", {"title": "Mine"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "cannot_edit")


async def test_titles_are_everybodys_settings_are_not(group: Group) -> None:
    board = f"/api/boards/{(await group.begin(group.pat))['id']}"
    assert (await group.uma.patch(board, {"title": "Better"})).json()["title"] == "Better"
    for body in ({"authors": "hidden"}, {"archived": True}):
        answer = await group.uma.patch(board, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "cannot_lead")
    assert (await group.pat.patch(board, {"authors": "hover"})).json()["authors"] == "hover"
    assert (await group.fay.patch(board, {"authors": "hidden"})).json()["authors"] == "hidden"


async def test_authors_have_names_also_when_they_have_left(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    path = f"/api/boards/{board}"
    async with listening(group.lab) as address:
        for browser, id in ((group.pat, "note00000001"), (group.uma, "note00000002")):
            async with sitting(group.lab, address, board, browser) as sitter:
                await sitter.done(sitter.make(id, text=browser.person["name"]))
        async with sitting(group.lab, address, board, group.fay) as fay:
            await fay.done(fay.put("note00000001/gone", {"by": group.fay.id, "at": "2026-01-05T09:00Z"}))
        await group.fay.delete(f"/api/challenges/{group.challenge}/members/{group.uma.id}")
        told = (await group.obi.get(f"{path}/authors")).json()
        assert told == {
            "items": [
                {"id": one.id, "name": one.person["name"], "colour": one.person["colour"]}
                for one in (group.fay, group.pat, group.uma)
            ],
            "next": None,
        }
        for stranger in (group.sue, group.uma):
            answer = await stranger.get(f"{path}/authors")
            assert (answer.status_code, answer.json()["code"]) == (404, "board_not_found")
        await group.fay.patch(path, {"authors": "hidden"})
        for anybody in (group.fay, group.pat, group.obi):
            assert (await anybody.get(f"{path}/authors")).json()["items"] == []


async def test_an_archived_board_is_only_read(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    path = f"/api/boards/{board}"
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.uma) as uma:
        await uma.done(uma.make("note00000001", text="Hello"))
        assert (await group.fay.patch(path, {"archived": True})).json()["archived"] is True
        await uma.until(lambda: uma.told("access") == [{"type": "access", "access": "read"}])
        assert (await uma.refused(uma.put("note00000001/place", {"x": 1, "y": 1})))["reason"] == "read_only"
        assert uma.told("changed")[-1] == {"type": "changed", "what": "board"}
    answer = await group.pat.patch(path, {"title": "New"})
    assert (answer.status_code, answer.json()["code"]) == (409, "board_archived")
    assert [one["id"] for one in (await group.pat.get(f"{group.path}?archived=true")).json()["items"]] == [
        board
    ]
    assert (await group.pat.get(group.path)).json()["items"] == []
    assert (await group.pat.patch(path, {"archived": False})).json()["archived"] is False


async def test_people_meet_in_its_room(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.pat) as pat:
        await pat.done(pat.make("note00000001", text="One"))
        await pat.done(pat.make("area00000001", "area", text="Here"))
        await pat.done(pat.make("note00000002", text="Two", parent="area00000001"))
        shown = (await group.uma.get(f"/api/boards/{board}")).json()
        assert [one["name"] for one in shown["here"]] == ["Pat"]
        group.lab.clock.advance(5)
        async with sitting(group.lab, address, board, group.uma) as uma:
            assert str(uma.objects["note00000001/text"]) == "One"
    rooms = group.lab.app.state.rooms
    content = read_state(await rooms.read(RoomName(f"board/{board}")))
    assert [one.text for one in content.objects] == ["Here", "One", "Two"]


async def wrote(group: Group, board: str, *notes: str, by: tuple[Browser, ...]) -> None:
    """The engine tells that these people left the board like this."""
    objects = tuple(BoardObject(id=f"n{at}", kind="note", text=text) for at, text in enumerate(notes))
    doc: Doc[Any] = Doc()
    doc.apply_update(build(BoardContent(objects=objects)))
    rooms = BoardRooms(group.lab.people.database, group.lab.clock, Grounds())
    await rooms.saved(board, doc, frozenset(browser.id for browser in by))


async def test_what_follows_from_edits(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    group.lab.clock.advance(60)
    await wrote(group, board, "One", "Two", by=(group.pat, group.uma))
    shown = (await group.fay.get(f"/api/boards/{board}")).json()
    assert (shown["notes"], shown["updated_at"]) == (2, "2026-01-05T09:01:00Z")
    changes = (await group.fay.get("/api/lab")).json()["changes"]
    told = [(one["person"]["name"], one["text"]) for one in changes if one["verb"] == "edited"]
    assert sorted(told) == [("Pat", "changed the board “Ideas”"), ("Uma", "changed the board “Ideas”")]
    await wrote(group, "a board that is gone", by=(group.pat,))
