"""Comments on what lies on a board: the same conversations as on a statement, fixed to an object."""

from __future__ import annotations

from typing import Any

from lab.boards.document import build
from lab.boards.objects import BoardContent, BoardObject
from lab.realtime.ports import RoomName
from tests.support.app import Browser, listening
from tests.support.sitting import Group, sitting

NOTE = "note00000001"


async def board_with_note(group: Group) -> str:
    board = str((await group.begin(group.pat))["id"])
    seed = build(BoardContent(objects=(BoardObject(id=NOTE, kind="note", text="One"),)))
    await group.lab.app.state.rooms.replace(RoomName(f"board/{board}"), seed)
    return f"/api/boards/{board}"


async def begin(browser: Browser, path: str, text: str = "Why?", **more: Any) -> dict[str, Any]:
    answer = await browser.post(f"{path}/comments", {"text": text, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_conversation_about_a_note(group: Group) -> None:
    path = await board_with_note(group)
    thread = await begin(group.pat, path, "Is it so, Uma?", anchor={"object": NOTE}, mentions=[group.uma.id])
    assert thread["anchor"] == {"object": NOTE}
    under = f"{path}/comments/{thread['id']}"
    answered = await group.uma.post(f"{under}/posts", {"text": "It is."})
    assert [one["text"] for one in answered.json()["posts"]] == ["Is it so, Uma?", "It is."]
    post = f"{under}/posts/{answered.json()['posts'][1]['id']}"
    assert (await group.uma.patch(post, {"text": "It was."})).json()["posts"][1]["text"] == "It was."
    assert (await group.pat.delete(post)).json()["code"] == "not_yours"
    assert (await group.uma.delete(post)).status_code == 204
    assert (await group.fay.post(f"{under}/resolve")).json()["resolved"]["by"]["name"] == "Fay"
    assert (await group.fay.post(f"{under}/reopen")).json()["resolved"] is None
    listed = (await group.obi.get(f"{path}/comments?resolved=false")).json()["items"]
    assert [one["id"] for one in listed] == [thread["id"]]
    changes = (await group.fay.get("/api/lab")).json()["changes"]
    assert "commented on the board “Ideas”" in [one["text"] for one in changes]
    shown = (await group.fay.get(f"/api/challenges/{group.challenge}")).json()
    assert shown["counts"]["comments"] == 0  # of the statement


async def test_a_mention_says_where(group: Group) -> None:
    path = await board_with_note(group)
    thread = await begin(group.pat, path, "Uma?", anchor={"object": NOTE}, mentions=[group.uma.id])
    statement = f"/api/challenges/{group.challenge}/comments"
    await group.fay.post(statement, {"text": "And here?", "mentions": [group.uma.id]})
    assert (await group.uma.me())["pending_mentions"] == 2
    items = (await group.uma.get("/api/me/mentions")).json()["items"]
    assert [one["place"] for one in items] == [
        {"kind": "statement", "id": group.challenge, "title": "Home soon"},
        {"kind": "board", "id": path.rpartition("/")[2], "title": "Ideas"},
    ]
    assert items[1]["thread"] == thread["id"]
    assert {one["challenge"]["title"] for one in items} == {"Home soon"}
    await group.uma.post("/api/me/mentions/seen")
    assert (await group.uma.me())["pending_mentions"] == 0


async def test_a_comment_is_fixed_to_something_that_is_there(group: Group) -> None:
    path = await board_with_note(group)
    await begin(group.pat, path)
    for anchor, status, code in (
        ({"object": "nothing"}, 422, "bad_anchor"),
        ({"object": "not an id"}, 422, "invalid"),
        ({}, 422, "invalid"),
        ({"start": "AAA=", "end": "AAA=", "quote": "x"}, 422, "invalid"),
    ):
        answer = await group.pat.post(f"{path}/comments", {"text": "x", "anchor": anchor})
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_who_may_comment(group: Group) -> None:
    path = await board_with_note(group)
    thread = await begin(group.pat, path)
    for browser, status, code in ((group.obi, 403, "cannot_edit"), (group.sue, 404, "board_not_found")):
        for body in ({"text": "x"}, {"text": "x", "anchor": {"object": NOTE}}):
            answer = await browser.post(f"{path}/comments", body)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
    refused = await group.pat.post(f"{path}/comments", {"text": "x", "mentions": [group.sue.id]})
    assert refused.json()["code"] == "not_a_member"
    # A conversation is reached in its own place only.
    other = await board_with_note(group)
    for elsewhere in (f"{other}/comments", f"/api/challenges/{group.challenge}/comments"):
        answer = await group.pat.post(f"{elsewhere}/{thread['id']}/resolve")
        assert (answer.status_code, answer.json()["code"]) == (404, "comment_not_found")
    await group.fay.patch(path, {"archived": True})
    assert (await group.pat.post(f"{path}/comments", {"text": "x"})).json()["code"] == "board_archived"


async def test_the_room_is_told(group: Group) -> None:
    path = await board_with_note(group)
    board = path.rpartition("/")[2]
    async with listening(group.lab) as address, sitting(group.lab, address, board, group.uma) as uma:
        await begin(group.pat, path)
        await uma.until(lambda: {"type": "changed", "what": "comments"} in uma.events)
