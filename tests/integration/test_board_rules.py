"""Locks and area rules: set over HTTP, kept by the server on every edit."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, merge_updates
from sqlmodel import select

from bench.peer import read_varuint, sized, varuint
from lab.boards.locks import MOST_LOCKS
from lab.core.audit import AuditEntry
from tests.support.app import listening
from tests.support.sitting import Group, Sitter, sitting

NOTE, AREA, INSIDE = "note00000001", "area00000001", "note00000002"
SOMEWHERE = {"x": 5, "y": 5}


async def furnished(group: Group, uma: Sitter) -> None:
    await uma.done(uma.make(NOTE, text="One"))
    await uma.done(uma.make(AREA, "area", text="Here"))
    await uma.done(uma.make(INSIDE, text="Two", parent=AREA))


async def after_grace(group: Group, board: str, *, told: Sitter) -> None:
    """The rules that were just set are known in the room, and those before hold no longer."""
    judging = group.lab.app.state.rooms.engine._rooms[f"board/{board}"]._judging
    judging.look_again()
    await told.until(lambda: bool(told.told("changed")))
    while judging._looking:
        await told.done(lambda: None)
    group.lab.clock.advance(3)


async def test_a_lock_holds_for_those_it_is_meant_for(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    path = f"/api/boards/{board}"
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.uma) as uma:
        await furnished(group, uma)
        locked = await group.fay.put(f"{path}/locks/{NOTE}", {"level": "content", "who": "facilitators"})
        assert (locked.status_code, locked.json()) == (
            200,
            {
                "object": NOTE,
                "level": "content",
                "who": "facilitators",
                "by": {"id": group.fay.id, "name": "Fay", "colour": group.fay.person["colour"]},
            },
        )
        # Whoever is in the middle of something when a rule comes is let through.
        await uma.done(lambda: uma.objects[f"{NOTE}/text"].insert(0, "In time. "))
        await after_grace(group, board, told=uma)
        await uma.done(uma.put(f"{NOTE}/place", SOMEWHERE))
        refused = await uma.refused(lambda: uma.objects[f"{NOTE}/text"].insert(0, "Too late. "))
        assert refused == {
            "type": "refused",
            "reason": "update_refused:rule",
            "message": "This note is locked by Fay.",
        }
        async with sitting(group.lab, address, board, group.fay) as fay:
            assert str(fay.objects[f"{NOTE}/text"]) == "In time. One"
            await fay.done(lambda: fay.objects[f"{NOTE}/text"].insert(0, "I may. "))
    shown = (await group.obi.get(path)).json()["rules"]
    assert shown == {"locks": [locked.json()], "areas": []}
    assert (await group.fay.delete(f"{path}/locks/{NOTE}")).status_code == 204
    assert (await group.fay.delete(f"{path}/locks/{NOTE}")).status_code == 204
    assert (await group.obi.get(path)).json()["rules"]["locks"] == []
    async with group.lab.people.database.reading() as session:
        told = [entry.action for entry in await session.exec(select(AuditEntry).order_by(AuditEntry.seq))]  # type: ignore[arg-type]
    assert told[-2:] == ["board_locked", "board_unlocked"]


async def test_an_area_holds_for_what_lies_in_it(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    path = f"/api/boards/{board}"
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.uma) as uma:
        await furnished(group, uma)
        rule = {"add": "facilitators", "edit": "own", "move": "everyone", "remove": "facilitators"}
        ruled = await group.fay.put(f"{path}/areas/{AREA}", rule)
        assert (ruled.status_code, ruled.json()) == (200, {"object": AREA, **rule})
        await after_grace(group, board, told=uma)
        await uma.done(lambda: uma.objects[f"{INSIDE}/text"].insert(0, "Mine. "))
        refused = await uma.refused(uma.make("note00000003", parent=AREA))
        assert refused["message"] == "In this area only facilitators can add things."
        async with sitting(group.lab, address, board, group.pat) as pat:
            assert "note00000003/made" not in pat.objects
            await pat.done(pat.put(f"{INSIDE}/place", SOMEWHERE))
            refused = await pat.refused(pat.put(f"{INSIDE}/alt", "words"))
            assert refused["message"] == "In this area you can change only what you made yourself."
    assert (await group.obi.get(path)).json()["rules"]["areas"] == [ruled.json()]


async def test_who_may_set_a_lock(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    path = f"/api/boards/{board}/locks"
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.uma) as uma:
        await furnished(group, uma)
    own = {"level": "all", "who": "me"}
    for browser, id, body, status, code in (
        (group.obi, NOTE, own, 403, "cannot_edit"),
        (group.sue, NOTE, own, 404, "board_not_found"),
        (group.pat, NOTE, own, 403, "cannot_lock"),
        (group.uma, NOTE, {**own, "who": "facilitators"}, 403, "cannot_lock"),
        (group.uma, "nothing", own, 404, "object_not_found"),
        (group.uma, "not.an.id", own, 404, "object_not_found"),
        (group.uma, NOTE, {**own, "level": "some"}, 422, "invalid"),
    ):
        answer = await browser.put(f"{path}/{id}", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await group.uma.put(f"{path}/{NOTE}", own)).status_code == 200
    assert (await group.uma.put(f"{path}/{NOTE}", {**own, "level": "position"})).json()["level"] == "position"
    for answer in (await group.pat.delete(f"{path}/{NOTE}"), await group.pat.put(f"{path}/{NOTE}", own)):
        assert (answer.status_code, answer.json()["code"]) == (403, "cannot_lock")
    assert (await group.fay.put(f"{path}/{NOTE}", {"level": "all", "who": "facilitators"})).status_code == 200
    answer = await group.uma.delete(f"{path}/{NOTE}")
    assert answer.json()["detail"] == "This was locked by Fay, who can unlock it, as facilitators can."
    assert (await group.fay.delete(f"{path}/{NOTE}")).status_code == 204


async def test_who_may_rule_an_area(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    path = f"/api/boards/{board}/areas"
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.uma) as uma:
        await furnished(group, uma)
    for browser, id, body, status, code in (
        (group.uma, AREA, {}, 403, "cannot_lead"),
        (group.obi, AREA, {}, 403, "cannot_edit"),
        (group.fay, NOTE, {}, 404, "object_not_found"),
        (group.fay, AREA, {"add": "own"}, 422, "invalid"),
    ):
        answer = await browser.put(f"{path}/{id}", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await group.fay.put(f"{path}/{AREA}", {"move": "own"})).json()["move"] == "own"
    assert (await group.fay.put(f"{path}/{AREA}", {})).json()["move"] == "everyone"


async def test_locks_have_an_end(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_LOCKS == 20_000
    monkeypatch.setattr("lab.boards.locks.MOST_LOCKS", 1)
    board = (await group.begin(group.pat))["id"]
    path = f"/api/boards/{board}/locks"
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.uma) as uma:
        await furnished(group, uma)
    own: Any = {"level": "all", "who": "me"}
    assert (await group.uma.put(f"{path}/{NOTE}", own)).status_code == 200
    answer = await group.uma.put(f"{path}/{AREA}", own)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_locks")


async def test_whoever_begins_to_lead_is_no_longer_bound(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    path = f"/api/boards/{board}"
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.uma) as uma:
        await furnished(group, uma)
        await group.fay.put(f"{path}/locks/{NOTE}", {"level": "all", "who": "facilitators"})
        await after_grace(group, board, told=uma)
        member = f"/api/challenges/{group.challenge}/members/{group.uma.id}"
        assert (await group.fay.put(member, {"role": "facilitator"})).status_code == 200
        await uma.done(uma.put(f"{NOTE}/place", SOMEWHERE))
        assert uma.told("refused") == []


async def test_W25_what_follows_on_a_refused_edit_is_taken_without_it(group: Group) -> None:
    """As a page does it that was refused something: on a new connection, under the ids the edits had."""
    board = (await group.begin(group.pat))["id"]
    async with listening(group.lab) as address:
        async with sitting(group.lab, address, board, group.uma) as uma:
            await furnished(group, uma)
            await group.fay.put(f"/api/boards/{board}/locks/{NOTE}", {"level": "all", "who": "facilitators"})
            await after_grace(group, board, told=uma)
            client, taken = uma.doc.client_id, reached(uma.doc)
            await uma.refused(uma.put(f"{NOTE}/place", SOMEWHERE))
            refused = reached(uma.doc) - taken
            uma.objects[f"{INSIDE}/place"] = SOMEWHERE
            follows = uma._own.pop()
        async with sitting(group.lab, address, board, group.uma) as page:
            assert page.socket is not None
            # Alone it builds on something that is not there; asked for that, nothing is what there is (W18).
            await page.socket.send(b"\0\2" + sized(follows))
            await page.done(lambda: None)
            assert page.told("refused") == []
            stands_for_it = b"\1\1" + varuint(client) + varuint(taken) + b"\0" + varuint(refused) + b"\0"
            await page.socket.send(b"\0\2" + sized(merge_updates(stands_for_it, follows)))
            await page.done(page.put(f"{INSIDE}/size", {"w": 300, "h": 300}))
            # Another refusal here, answered alike: the mark comes back, and nothing else is in its way.
            await page.refused(page.put(f"{NOTE}/size", {"w": 300, "h": 300}))
            await page.socket.send(b"\0\1" + sized(b"\0\0"))
            await page.until_saved(page.sent)
        async with sitting(group.lab, address, board, group.pat) as pat:
            assert pat.objects[f"{INSIDE}/place"] == SOMEWHERE
            assert pat.objects[f"{INSIDE}/size"] == {"w": 300, "h": 300}
            assert pat.objects[f"{NOTE}/place"] == {"x": 0, "y": 0}


def reached(doc: Doc[Any]) -> int:
    """The next clock of its own client."""
    state = doc.get_state()
    count, at = read_varuint(state, 0)
    clocks: dict[int, int] = {}
    for _ in range(count):
        client, at = read_varuint(state, at)
        clocks[client], at = read_varuint(state, at)
    return clocks[doc.client_id]
