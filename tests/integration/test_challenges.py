"""Challenges over HTTP: made, found, changed, archived; who may do what, verb by verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from sqlmodel import select

from lab.challenges.models import Activity, Challenge, Membership
from lab.core.audit import AuditEntry
from lab.people.models import AccessChange
from lab.realtime.ports import RoomName
from tests.support.app import Browser, Lab
from tests.support.cast import QUESTION, Cast, begun

Verb = Callable[[Cast, Browser], Awaitable[httpx2.Response]]


async def _version(cast: Cast) -> str:
    answer = await cast.facilitator.post(f"{cast.path}/statement/versions", {"name": "One"})
    return str(answer.json()["id"])


async def _thread(cast: Cast) -> str:
    answer = await cast.facilitator.post(f"{cast.path}/comments", {"text": "A word"})
    return str(answer.json()["id"])


READ: dict[str, Verb] = {
    "see": lambda cast, who: who.get(cast.path),
    "members": lambda cast, who: who.get(f"{cast.path}/members"),
    "markdown": lambda cast, who: who.get(f"{cast.path}/statement.md"),
    "versions": lambda cast, who: who.get(f"{cast.path}/statement/versions"),
    "comments": lambda cast, who: who.get(f"{cast.path}/comments"),
}


async def _restore(cast: Cast, who: Browser) -> httpx2.Response:
    return await who.post(f"{cast.path}/statement/versions/{await _version(cast)}/restore")


async def _rename(cast: Cast, who: Browser) -> httpx2.Response:
    return await who.patch(f"{cast.path}/statement/versions/{await _version(cast)}", {"name": "Two"})


async def _reply(cast: Cast, who: Browser) -> httpx2.Response:
    return await who.post(f"{cast.path}/comments/{await _thread(cast)}/posts", {"text": "Yes"})


async def _resolve(cast: Cast, who: Browser) -> httpx2.Response:
    return await who.post(f"{cast.path}/comments/{await _thread(cast)}/resolve")


WRITE: dict[str, Verb] = {
    "import": lambda cast, who: who.post(f"{cast.path}/statement/import", {"markdown": "a"}),
    "name": lambda cast, who: who.post(f"{cast.path}/statement/versions", {"name": "Mine"}),
    "rename": _rename,
    "restore": _restore,
    "comment": lambda cast, who: who.post(f"{cast.path}/comments", {"text": "Hello"}),
    "reply": _reply,
    "resolve": _resolve,
}
MANAGE: dict[str, Verb] = {
    "title": lambda cast, who: who.patch(cast.path, {"title": "Other"}),
    "stage": lambda cast, who: who.patch(cast.path, {"stage": "share"}),
    "archive": lambda cast, who: who.patch(cast.path, {"archived": True}),
    "role": lambda cast, who: who.put(f"{cast.path}/members/{cast.observer.id}", {"role": "participant"}),
    "remove": lambda cast, who: who.delete(f"{cast.path}/members/{cast.participant.id}"),
}
ALLOWED = {
    "staff": READ | WRITE | MANAGE,
    "facilitator": READ | WRITE | MANAGE,
    "participant": READ | WRITE,
    "observer": READ,
    "stranger": {},
}


@pytest.mark.parametrize("who", ALLOWED)
async def test_who_may_do_what(cast: Cast, who: str) -> None:
    browser = cast[who]
    for name, verb in (READ | WRITE | MANAGE).items():
        if who == "participant" and name == "remove":
            continue  # leaving is one's own to do
        answer = await verb(cast, browser)
        if name in ALLOWED[who]:
            assert answer.status_code < 300, (who, name, answer.text)
        elif who == "stranger":
            assert (answer.status_code, answer.json()["code"]) == (404, "challenge_not_found"), name
        else:
            expected = "cannot_manage" if name in MANAGE else "cannot_edit"
            assert (answer.status_code, answer.json()["code"]) == (403, expected), (who, name)
        await cast.facilitator.patch(cast.path, {"archived": False})


async def test_an_archived_challenge_is_read_only_for_everybody(cast: Cast) -> None:
    version, thread = await _version(cast), await _thread(cast)
    post = (await cast.facilitator.get(f"{cast.path}/comments")).json()["items"][0]["posts"][0]["id"]
    assert (await cast.facilitator.patch(cast.path, {"archived": True})).json()["archived"]
    for who in (cast.staff, cast.facilitator, cast.participant, cast.observer):
        for name, verb in READ.items():
            assert (await verb(cast, who)).status_code == 200, name
    under = f"{cast.path}/comments/{thread}"
    for who in (cast.staff, cast.facilitator):
        answers = [
            await who.post(f"{cast.path}/statement/import", {"markdown": "a"}),
            await who.post(f"{cast.path}/statement/versions", {"name": "Mine"}),
            await who.patch(f"{cast.path}/statement/versions/{version}", {"name": "Mine"}),
            await who.post(f"{cast.path}/statement/versions/{version}/restore"),
            await who.post(f"{cast.path}/comments", {"text": "a"}),
            await who.post(f"{under}/posts", {"text": "a"}),
            await who.patch(f"{under}/posts/{post}", {"text": "a"}),
            await who.delete(f"{under}/posts/{post}"),
            await who.post(f"{under}/resolve"),
            await who.patch(cast.path, {"title": "Other"}),
            await who.patch(cast.path, {"title": "Other", "archived": True}),
        ]
        assert {(each.status_code, each.json()["code"]) for each in answers} == {(409, "challenge_archived")}
    assert [one["id"] for one in (await cast.participant.get("/api/challenges")).json()["items"]] == []
    gone = (await cast.participant.get("/api/challenges?archived=true")).json()["items"]
    assert [one["id"] for one in gone] == [cast.id]
    back = await cast.facilitator.patch(cast.path, {"archived": False, "title": "Back"})
    assert (back.json()["archived"], back.json()["title"]) == (False, "Back")
    assert (await cast.participant.post(f"{cast.path}/comments", {"text": "a"})).status_code == 201


async def test_participants_and_guests_do_not_begin_challenges(lab: Lab) -> None:
    for role in ("participant", "observer"):
        answer = await (await lab.person(role.title(), role=role)).post("/api/challenges", QUESTION)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (403, "cannot_create")
    assert (await lab.browser().post("/api/challenges", QUESTION)).status_code == 401


async def test_a_new_challenge_has_everything_it_needs(lab: Lab) -> None:
    fay = await lab.person("Fay", role="facilitator")
    challenge = await begun(fay)
    shown = (await fay.get(f"/api/challenges/{challenge}")).json()
    assert shown == {
        "id": challenge,
        **QUESTION,
        "summary": "",
        "stage": {"index": 0, "key": "understand", "label": "Understand"},
        "stages": [
            {"key": "understand", "label": "Understand"},
            {"key": "develop", "label": "Develop and test"},
            {"key": "share", "label": "Share"},
        ],
        "counts": {"people": 1, "comments": 0, "words": 0},
        "archived": False,
        "open_to_lab": False,
        "example": False,
        "your_role": "facilitator",
        "updated_at": "2026-01-05T09:00:00Z",
        "people": [{"id": fay.id, "name": "Fay", "colour": fay.person["colour"]}],
    }
    assert (await fay.get(f"/api/challenges/{challenge}/statement.md")).text == ""
    assert await lab.app.state.rooms.read(RoomName(f"statement/{challenge}"))


async def test_a_challenge_is_made_whole_or_not_at_all(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    fay = await lab.person("Fay", role="facilitator")
    made: list[str] = []

    async def refuses(room: str, seed: bytes, **more: Any) -> None:
        made.append(room)
        raise OSError("no room left on this disk")

    monkeypatch.setattr(lab.app.state.rooms.engine, "create", refuses)
    answer = await fay.post("/api/challenges", QUESTION)
    assert answer.status_code >= 500
    assert len(made) == 1
    async with lab.people.database.reading() as session:
        for table in (Challenge, Membership, Activity):
            assert (await session.exec(select(table))).all() == []  # type: ignore[call-overload]
        actions = {entry.action for entry in await session.exec(select(AuditEntry))}
    assert "challenge_created" not in actions


async def test_open_to_the_lab_means_everybody_with_a_role_in_it(cast: Cast) -> None:
    assert (await cast.stranger.get("/api/challenges")).json()["items"] == []
    await cast.facilitator.patch(cast.path, {"open_to_lab": True})
    (shown,) = (await cast.stranger.get("/api/challenges")).json()["items"]
    assert (shown["id"], shown["your_role"]) == (cast.id, "participant")
    assert (await cast.stranger.post(f"{cast.path}/comments", {"text": "Hello"})).status_code == 201
    # What the challenge says of a person goes before what the lab says.
    assert (await cast.observer.get(cast.path)).json()["your_role"] == "observer"
    await cast.facilitator.patch(cast.path, {"open_to_lab": False})
    assert (await cast.stranger.get(cast.path)).status_code == 404


async def test_titles_questions_and_stages_change_and_are_told(cast: Cast) -> None:
    answer = await cast.facilitator.patch(
        cast.path,
        {
            "title": " New  title ",
            "question": "What now?",
            "stages": [
                {"key": "understand", "label": "Look"},
                {"label": "Choose"},
                {"key": "share", "label": "Share"},
            ],
            "stage": "share",
        },
    )
    shown = answer.json()
    assert (shown["title"], shown["question"]) == ("New title", "What now?")
    assert [stage["label"] for stage in shown["stages"]] == ["Look", "Choose", "Share"]
    assert (shown["stages"][0]["key"], shown["stages"][2]["key"]) == ("understand", "share")
    assert len(shown["stages"][1]["key"]) == 26
    assert shown["stage"] == {"index": 2, "key": "share", "label": "Share"}
    changes = (await cast.participant.get("/api/lab")).json()["changes"]
    told = {(one["verb"], one["text"]) for one in changes if one["person"]["id"] == cast.facilitator.id}
    assert {("renamed", "changed the title"), ("moved", "moved to Share")} <= told


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"stage": "nowhere"}, 404, "stage_not_found"),
        ({"stages": [{"key": "share", "label": "Share"}]}, 422, "bad_stages"),
        ({"stages": [{"key": "mine", "label": "A"}]}, 422, "bad_stages"),
        ({"stages": [{"key": "understand", "label": "A"}] * 2}, 422, "bad_stages"),
        ({"stages": [{"key": "understand", "label": "A"}, {"label": "a"}]}, 422, "bad_stages"),
        ({"stages": []}, 422, "invalid"),
        ({"title": " "}, 422, "invalid"),
        ({"colour": "red"}, 422, "invalid"),
    ],
)
async def test_changes_that_make_no_sense_change_nothing(
    cast: Cast, change: dict[str, Any], status: int, code: str
) -> None:
    before = (await cast.facilitator.get(cast.path)).json()
    answer = await cast.facilitator.patch(cast.path, change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await cast.facilitator.get(cast.path)).json() == before


async def test_lists_come_in_pages_those_last_worked_on_first(lab: Lab) -> None:
    sam = await lab.person("Sam", role="staff")
    made = []
    for n in range(5):
        made.append(await begun(sam, title=f"Number {n}"))
        if n != 2:  # two of the same moment
            lab.clock.advance(60)
    seen: list[str] = []
    cursor = ""
    for size in (2, 2, 1):
        answer = (await sam.get(f"/api/challenges?limit=2{cursor}")).json()
        assert len(answer["items"]) == size
        seen += [one["id"] for one in answer["items"]]
        cursor = f"&cursor={answer['next']}"
    assert answer["next"] is None
    assert seen == made[::-1]
    for bad in ("cursor=nonsense", "limit=0", "limit=201", "archived=perhaps", "page=2"):
        assert (await sam.get(f"/api/challenges?{bad}")).status_code == 422


async def test_what_is_shown_of_many_is_each_ones_own(cast: Cast) -> None:
    other = await begun(cast.staff, title="Other")
    await cast.participant.post(f"{cast.path}/comments", {"text": "Hello"})
    shown = {one["id"]: one for one in (await cast.staff.get("/api/challenges")).json()["items"]}
    assert shown[cast.id]["counts"] == {"people": 3, "comments": 1, "words": 0}
    assert shown[other]["counts"] == {"people": 1, "comments": 0, "words": 0}
    assert {one["name"] for one in shown[cast.id]["people"]} == {"Fay", "Obi", "Pat"}
    assert [one["name"] for one in shown[other]["people"]] == ["Sam"]
    assert [one["id"] for one in (await cast.participant.get("/api/challenges")).json()["items"]] == [cast.id]


async def test_archiving_is_one_change_of_access_however_many_people_there_are(cast: Cast) -> None:
    async def lines() -> list[AccessChange]:
        async with cast.lab.people.database.reading() as session:
            return list(await session.exec(select(AccessChange)))

    before = len(await lines())
    await cast.facilitator.patch(cast.path, {"archived": True})
    (line,) = (await lines())[before:]
    assert (line.principal, line.login) == (None, None)
