"""The rooms of boards, asked the way the engine asks."""

from __future__ import annotations

from typing import Any, cast

import pytest
from pycrdt import Doc, Map

from lab.boards.judge import BoardJudge
from lab.boards.room import BoardRooms
from lab.core.clock import HandClock
from lab.core.db import Database
from lab.grounds import Grounds
from lab.realtime.errors import NotSignedIn, RoomNotFound
from lab.realtime.ports import Access, Judged, Touch, Visitor
from tests.support.app import Browser
from tests.support.sitting import Group


def rooms_of(group: Group) -> BoardRooms:
    return BoardRooms(group.lab.people.database, group.lab.clock, Grounds())


def visitor(browser: Browser) -> Visitor:
    return Visitor(browser.id, browser.person["name"], "session")


async def test_who_may_join(group: Group) -> None:
    rooms = rooms_of(group)
    board = (await group.begin(group.pat))["id"]
    assert isinstance(rooms, Judged)
    assert await rooms.access(board, visitor(group.pat)) is Access.WRITE
    assert await rooms.access(board, visitor(group.obi)) is Access.READ
    with pytest.raises(NotSignedIn):
        await rooms.access(board, None)
    for key, browser in ((board, group.sue), ("nothing", group.fay)):
        with pytest.raises(RoomNotFound):
            await rooms.access(key, visitor(browser))
    assert not await rooms.create_on_join(board, visitor(group.fay))
    await group.fay.patch(f"/api/challenges/{group.challenge}", {"archived": True})
    assert await rooms.access(board, visitor(group.fay)) is Access.READ


async def test_the_judge_knows_who_leads_as_of_when_they_were_let_in(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.boards.room.MOST_ROLES", 2)
    rooms = rooms_of(group)
    board = (await group.begin(group.pat))["id"]
    judge = rooms.judge(board)
    assert isinstance(judge, BoardJudge)
    leads = judge._leads
    assert not leads(group.fay.id)
    for browser in (group.fay, group.pat):
        await rooms.access(board, visitor(browser))
    assert (leads(group.fay.id), leads(group.pat.id)) == (True, False)
    await rooms.access(board, visitor(group.obi))
    assert not leads(group.fay.id)  # only so many are remembered


async def test_rules_are_read_again_only_when_they_changed(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    judge = rooms_of(group).judge(board)
    assert isinstance(judge, BoardJudge)
    await judge.refresh()
    rules = judge._rules
    await judge.refresh()
    assert judge._rules is rules
    missing = rooms_of(group).judge("nothing")
    await missing.refresh()


def test_a_full_board_takes_no_more_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.boards.judge.MOST_ENTRIES", 2)
    doc: Doc[Any] = Doc()
    objects = doc.get("objects", type=Map)
    for key in ("a/made", "a/place", "a/z"):
        objects[key] = {}
    new = Touch(({"kind": "note", "by": None, "at": None},), removed=False, over=False, inside=False, typed=0)
    moved = Touch(({"x": 1, "y": 1},), removed=False, over=True, inside=False, typed=0)
    judge = BoardJudge("b", cast(Database, None), HandClock(), lambda person: True)
    assert judge.refuses("p", {("objects", "n/made"): new}, doc) == "This board is full. Begin another one."
    assert judge.refuses("p", {("objects", "a/place"): moved}, doc) is None
