"""Comments over HTTP: conversations, replies, one's own words, mentions, resolving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.app import Browser, Lab

ANCHOR = {"start": "AAA=", "end": "AQID", "quote": "all day", "prefix": "They wait ", "suffix": "."}


@dataclass
class Talk:
    """One challenge with a facilitator, a participant and an observer; a stranger outside."""

    lab: Lab
    challenge: str
    fay: Browser
    pat: Browser
    obi: Browser
    sue: Browser

    @property
    def path(self) -> str:
        return f"/api/challenges/{self.challenge}/comments"

    async def begin(self, browser: Browser, text: str = "Why?", **more: Any) -> dict[str, Any]:
        answer = await browser.post(self.path, {"text": text, **more})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def all(self, query: str = "") -> list[dict[str, Any]]:
        return list((await self.fay.get(f"{self.path}{query}")).json()["items"])


@pytest.fixture
async def talk(lab: Lab) -> Talk:
    fay = await lab.person("Fay", role="facilitator")
    pat, obi, sue = [await lab.person(name) for name in ("Pat", "Obi", "Sue")]
    challenge = (await fay.post("/api/challenges", {"title": "T", "question": "Q?"})).json()["id"]
    for browser, role in ((pat, "participant"), (obi, "observer")):
        await fay.put(f"/api/challenges/{challenge}/members/{browser.id}", {"role": role})
    return Talk(lab, challenge, fay, pat, obi, sue)


async def test_a_conversation_from_beginning_to_end(talk: Talk) -> None:
    thread = await talk.begin(talk.pat, "Is this so everywhere?", anchor=ANCHOR)
    assert thread["anchor"] == ANCHOR
    assert thread["resolved"] is None
    (post,) = thread["posts"]
    assert (post["text"], post["author"]["name"], post["yours"]) == ("Is this so everywhere?", "Pat", True)
    talk.lab.clock.advance(60)
    under = f"{talk.path}/{thread['id']}"
    answered = await talk.fay.post(f"{under}/posts", {"text": "On both wards.\nI asked."})
    assert answered.status_code == 201
    assert [one["text"] for one in answered.json()["posts"]] == [
        "Is this so everywhere?",
        "On both wards.\nI asked.",
    ]
    resolved = (await talk.fay.post(f"{under}/resolve")).json()["resolved"]
    assert resolved == {"at": "2026-01-05T09:01:00Z", "by": {"id": talk.fay.id, "name": "Fay"}}
    again = (await talk.pat.post(f"{under}/resolve")).json()["resolved"]
    assert again == resolved  # whoever was first
    assert [one["id"] for one in await talk.all("?resolved=true")] == [thread["id"]]
    assert await talk.all("?resolved=false") == []
    shown = (await talk.fay.get(f"/api/challenges/{talk.challenge}")).json()
    assert shown["counts"]["comments"] == 0
    assert (await talk.pat.post(f"{under}/reopen")).json()["resolved"] is None
    assert (await talk.all())[0]["posts"][0]["yours"] is False
    verbs = [one["verb"] for one in (await talk.obi.get("/api/lab")).json()["changes"]]
    assert {"commented", "resolved", "reopened"} <= set(verbs)


async def test_only_its_author_changes_or_deletes_a_post(talk: Talk) -> None:
    thread = await talk.begin(talk.pat, "Frist")
    under = f"{talk.path}/{thread['id']}/posts/{thread['posts'][0]['id']}"
    staff = await talk.lab.person("Sam", role="staff")
    for browser in (talk.fay, staff):
        for answer in (await browser.patch(under, {"text": "Mine"}), await browser.delete(under)):
            assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    for answer in (await talk.obi.patch(under, {"text": "Mine"}), await talk.obi.delete(under)):
        assert (answer.status_code, answer.json()["code"]) == (403, "cannot_edit")
    talk.lab.clock.advance(60)
    same = (await talk.pat.patch(under, {"text": " Frist "})).json()["posts"][0]
    assert same["edited_at"] is None
    changed = (await talk.pat.patch(under, {"text": "First"})).json()["posts"][0]
    assert (changed["text"], changed["edited_at"]) == ("First", "2026-01-05T09:01:00Z")


async def test_what_was_deleted_leaves_a_gap_that_can_be_seen(talk: Talk) -> None:
    thread = await talk.begin(talk.pat, "A secret", mentions=[talk.fay.id])
    await talk.fay.post(f"{talk.path}/{thread['id']}/posts", {"text": "What?"})
    under = f"{talk.path}/{thread['id']}/posts/{thread['posts'][0]['id']}"
    assert (await talk.pat.delete(under)).status_code == 204
    (shown,) = await talk.all()
    gone, answer = shown["posts"]
    assert (gone["deleted"], gone["text"], gone["mentions"], gone["author"]["name"]) == (True, "", [], "Pat")
    assert (answer["deleted"], answer["text"]) == (False, "What?")
    assert (await talk.fay.me())["pending_mentions"] == 0
    for again in (await talk.pat.delete(under), await talk.pat.patch(under, {"text": "Back"})):
        assert (again.status_code, again.json()["code"]) == (404, "post_not_found")


async def test_comments_of_another_challenge_are_not_reached_from_here(talk: Talk) -> None:
    thread = await talk.begin(talk.fay)
    other = (await talk.fay.post("/api/challenges", {"title": "O", "question": "Q?"})).json()["id"]
    elsewhere = f"/api/challenges/{other}/comments/{thread['id']}"
    post = thread["posts"][0]["id"]
    another = await talk.begin(talk.fay)
    for answer in (
        await talk.fay.post(f"{elsewhere}/posts", {"text": "x"}),
        await talk.fay.patch(f"{elsewhere}/posts/{post}", {"text": "x"}),
        await talk.fay.delete(f"{elsewhere}/posts/{post}"),
        await talk.fay.post(f"{elsewhere}/resolve"),
        await talk.fay.post(f"{talk.path}/nonsense/reopen"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "comment_not_found")
    wrong = await talk.fay.patch(f"{talk.path}/{another['id']}/posts/{post}", {"text": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "post_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": ""}, {"text": " \n"}, {"text": "x" * 4001}, {"text": 5}, {"text": "x", "colour": "red"},
        {"text": "x", "mentions": "all"}, {"text": "x", "mentions": [""]},
        {"text": "x", "anchor": {}}, {"text": "x", "anchor": {**ANCHOR, "start": "?"}},
        {"text": "x", "anchor": {**ANCHOR, "quote": "x" * 1001}},
        {"text": "x", "anchor": {**ANCHOR, "html": "<b>"}},
    ],
)  # fmt: skip
async def test_what_is_no_comment_is_refused(talk: Talk, body: dict[str, Any]) -> None:
    answer = await talk.pat.post(talk.path, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert await talk.all() == []


async def test_a_passage_needs_words(talk: Talk) -> None:
    answer = await talk.pat.post(talk.path, {"text": "x", "anchor": {**ANCHOR, "quote": " \x07 "}})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_anchor")


async def test_mentions_reach_members_and_nobody_else(talk: Talk) -> None:
    refused = await talk.pat.post(talk.path, {"text": "Hi", "mentions": [talk.fay.id, talk.sue.id, "nobody"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_member")
    assert sorted(refused.json()["people"]) == sorted([talk.sue.id, "nobody"])
    assert await talk.all() == []
    thread = await talk.begin(
        talk.pat, "Hi both, and me", mentions=[talk.fay.id, talk.obi.id, talk.fay.id, talk.pat.id]
    )
    assert [one["name"] for one in thread["posts"][0]["mentions"]] == ["Fay", "Obi"]
    assert [(await each.me())["pending_mentions"] for each in (talk.fay, talk.obi, talk.pat, talk.sue)] == [
        1,
        1,
        0,
        0,
    ]
    (mention,) = (await talk.obi.get("/api/me/mentions")).json()["items"]
    assert mention == {
        "id": thread["posts"][0]["id"],
        "at": "2026-01-05T09:00:00Z",
        "person": {"id": talk.pat.id, "name": "Pat", "colour": talk.pat.person["colour"]},
        "challenge": {"id": talk.challenge, "title": "T"},
        "place": {"kind": "statement", "id": talk.challenge, "title": "T"},
        "thread": thread["id"],
        "text": "Hi both, and me",
        "seen": False,
    }
    assert (await talk.obi.post("/api/me/mentions/seen")).status_code == 204
    assert (await talk.obi.get("/api/me/mentions")).json()["items"][0]["seen"] is True
    assert [(await each.me())["pending_mentions"] for each in (talk.fay, talk.obi)] == [1, 0]


async def test_changing_a_post_changes_whom_it_mentions(talk: Talk) -> None:
    thread = await talk.begin(talk.pat, "Hi", mentions=[talk.obi.id])
    await talk.obi.post("/api/me/mentions/seen")
    under = f"{talk.path}/{thread['id']}/posts/{thread['posts'][0]['id']}"
    changed = (await talk.pat.patch(under, {"text": "Hi", "mentions": [talk.obi.id, talk.fay.id]})).json()
    assert [one["name"] for one in changed["posts"][0]["mentions"]] == ["Fay", "Obi"]
    # Who has seen it is not told again.
    assert [(await each.me())["pending_mentions"] for each in (talk.fay, talk.obi)] == [1, 0]
    changed = (await talk.pat.patch(under, {"text": "Hi"})).json()
    assert changed["posts"][0]["mentions"] == []
    assert (await talk.fay.me())["pending_mentions"] == 0


async def test_in_an_open_challenge_everybody_of_the_lab_can_be_mentioned(talk: Talk) -> None:
    await talk.fay.patch(f"/api/challenges/{talk.challenge}", {"open_to_lab": True})
    await talk.begin(talk.pat, "Hi", mentions=[talk.sue.id])
    assert (await talk.sue.me())["pending_mentions"] == 1
    # Closed again, it is none of her business any more.
    await talk.fay.patch(f"/api/challenges/{talk.challenge}", {"open_to_lab": False})
    assert (await talk.sue.me())["pending_mentions"] == 0
    assert (await talk.sue.get("/api/me/mentions")).json()["items"] == []


async def test_lists_come_in_pages(talk: Talk) -> None:
    for n in range(5):
        await talk.begin(talk.pat, f"Comment {n}", mentions=[talk.fay.id])
    texts: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = (await talk.fay.get(f"{talk.path}?limit=2{cursor}")).json()
        texts += [one["posts"][0]["text"] for one in answer["items"]]
        cursor = f"&cursor={answer['next']}" if answer["next"] else None
    assert texts == [f"Comment {n}" for n in range(5)]
    first = (await talk.fay.get("/api/me/mentions?limit=3")).json()
    rest = (await talk.fay.get(f"/api/me/mentions?limit=3&cursor={first['next']}")).json()
    assert [one["text"] for one in first["items"] + rest["items"]] == [
        f"Comment {n}" for n in (4, 3, 2, 1, 0)
    ]
    assert rest["next"] is None
    for bad in ("?limit=0", "?limit=201", "?resolved=perhaps", "?x=1"):
        assert (await talk.fay.get(f"{talk.path}{bad}")).status_code == 422


async def test_conversations_and_replies_are_bounded(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.comments.service.MOST_THREADS", 1)
    monkeypatch.setattr("lab.comments.service.MOST_POSTS", 2)
    thread = await talk.begin(talk.pat)
    assert (await talk.pat.post(talk.path, {"text": "x"})).json()["code"] == "too_many_comments"
    under = f"{talk.path}/{thread['id']}/posts"
    assert (await talk.pat.post(under, {"text": "x"})).status_code == 201
    refused = await talk.pat.post(under, {"text": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_comments")
