"""The example: there when a lab is new, marked as what it is, and only once; a journey on every database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlmodel import select

from lab.__main__ import main
from lab.challenges.blocks import plain_text
from lab.challenges.demo import load_demo
from lab.challenges.document import STATEMENT
from lab.challenges.models import Challenge
from lab.challenges.reading import read_state
from lab.core.clock import HandClock
from lab.people.models import Person
from lab.realtime.guard import Guard
from lab.realtime.ports import RoomName
from tests.support.app import Lab, running_lab


async def test_a_new_lab_opens_on_the_example(sqlite_url: str, tmp_path: Path) -> None:
    async with running_lab(sqlite_url, tmp_path, demo=True) as lab:
        ana = await lab.person("Ana", role="staff")
        home = (await ana.get("/api/lab")).json()
        assert (home["name"], home["example"]) == ("Example lab", True)
        assert home["people"] == {"total": 1, "by_role": {"staff": 1}}, "those of the example are not"
        assert len(home["changes"]) > 5
        assert all(one["person"]["name"].endswith(" (example)") for one in home["changes"])
        challenges = (await ana.get("/api/challenges")).json()["items"]
        assert [one["stage"]["key"] for one in challenges] == ["understand", "develop", "share"]
        assert all(one["example"] and one["open_to_lab"] for one in challenges)
        first = challenges[0]
        assert first["question"] == "What would it take for peer support to be open to everyone who wants it?"
        assert (first["counts"]["people"], first["counts"]["comments"]) == (6, 2)
        path = f"/api/challenges/{first['id']}"
        text = (await ana.get(f"{path}/statement.md")).text
        assert text.startswith("> **Example.**")
        assert "[RAND Europe](https://www.rand.org/randeurope.html)" in text
        versions = (await ana.get(f"{path}/statement/versions")).json()["items"]
        assert [one["kind"] for one in versions] == ["named", "named"]
        compared = await ana.get(f"{path}/statement/versions/compare?from={versions[0]['id']}")
        assert compared.json()["words_added"] > 50
        comments = (await ana.get(f"{path}/comments")).json()["items"]
        words = plain_text(read_state(await lab.app.state.rooms.read(RoomName(f"statement/{first['id']}"))))
        assert all(one["anchor"]["quote"] in words for one in comments)
    # A second start adds nothing, also after somebody renamed the lab.
    async with running_lab(sqlite_url, tmp_path, demo=True) as lab:
        assert len((await (await lab.signed_in(ana.id)).get("/api/challenges")).json()["items"]) == 3


async def test_the_example_is_what_editors_may_write(lab: Lab) -> None:
    assert await load_demo(lab.people.database, lab.app.state.rooms, lab.clock)
    async with lab.people.database.reading() as session:
        challenges = list(await session.exec(select(Challenge)))
    for challenge in challenges:
        state = await lab.app.state.rooms.read(RoomName(challenge.room))
        assert Guard(STATEMENT).check(state, None).structs > 20


async def test_nobody_can_sign_in_as_an_example(lab: Lab) -> None:
    await load_demo(lab.people.database, lab.app.state.rooms, lab.clock)
    async with lab.people.database.reading() as session:
        people = list(await session.exec(select(Person)))
    assert len(people) == 8
    assert {(one.email, one.password_hash, one.role) for one in people} == {(None, None, None)}


async def test_a_lab_in_use_is_left_alone(lab: Lab) -> None:
    sam = await lab.person("Sam", role="staff")
    await sam.post("/api/challenges", {"title": "Ours", "question": "Q?"})
    database, rooms, clock = lab.people.database, lab.app.state.rooms, lab.clock
    assert not await load_demo(database, rooms, clock)
    assert await load_demo(database, rooms, clock, beside=True)
    assert not await load_demo(database, rooms, clock, beside=True)
    home = (await sam.get("/api/lab")).json()
    assert (home["name"], home["example"]) == ("Our lab", False)
    assert len((await sam.get("/api/challenges")).json()["items"]) == 4


async def test_two_servers_that_start_at_once_make_one_example(database_url: str, tmp_path: Path) -> None:
    async with running_lab(database_url, tmp_path) as one, running_lab(database_url, tmp_path) as two:
        loaded = await asyncio.gather(
            *(load_demo(each.people.database, each.app.state.rooms, HandClock()) for each in (one, two))
        )
        assert sorted(loaded) == [False, True]
        ana = await one.person("Ana", role="staff")
        assert len((await ana.get("/api/challenges")).json()["items"]) == 3


def test_the_command_adds_it_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["demo", "--data", str(tmp_path)]
    told = []
    for _ in range(2):
        assert main(arguments) == 0
        told.append(capsys.readouterr())
    assert all("example" in (each.out + each.err) for each in told)
    assert told[0] != told[1]


async def test_a_journey_is_the_same_on_every_database(database_url: str, tmp_path: Path) -> None:
    async with running_lab(database_url, tmp_path) as lab:
        fay, pat = await lab.person("Fay", role="facilitator"), await lab.person("Pat")
        challenge = (await fay.post("/api/challenges", {"title": "T", "question": "Q?"})).json()["id"]
        path = f"/api/challenges/{challenge}"
        await fay.put(f"{path}/members/{pat.id}", {"role": "participant"})
        assert (await pat.post(f"{path}/statement/import", {"markdown": "# One\n\nTwo 😀."})).json() == {
            "epoch": 2
        }
        first = (await fay.get(f"{path}/statement/versions")).json()["items"][0]["id"]
        assert (await pat.post(f"{path}/statement/import", {"markdown": "Three."})).json() == {"epoch": 3}
        assert (await fay.post(f"{path}/statement/versions/{first}/restore")).json() == {"epoch": 4}
        assert (await pat.get(f"{path}/statement.md")).text == "# One\n\nTwo 😀.\n"
        thread = (await pat.post(f"{path}/comments", {"text": "Hi", "mentions": [fay.id]})).json()
        under = f"{path}/comments/{thread['id']}"
        await fay.post(f"{under}/posts", {"text": "Yes"})
        await pat.delete(f"{under}/posts/{thread['posts'][0]['id']}")
        await fay.post(f"{under}/resolve")
        (shown,) = (await fay.get(f"{path}/comments?resolved=true")).json()["items"]
        assert [post["deleted"] for post in shown["posts"]] == [True, False]
        await pat.post("/api/lab/seen")
        lab.clock.advance(1801)
        home = (await pat.get("/api/lab")).json()
        assert home["since"] is not None
        assert [one["verb"] for one in home["changes"]][:2] == ["resolved", "commented"]
        assert (await fay.patch(path, {"archived": True})).json()["archived"]
        page = (await pat.get("/api/challenges?archived=true&limit=1")).json()
        assert [one["counts"] for one in page["items"]] == [{"people": 2, "comments": 0, "words": 2}]
