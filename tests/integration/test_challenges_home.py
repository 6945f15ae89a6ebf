"""The lab's home: what changed, since when, and who learns what."""

from __future__ import annotations

import pytest

from tests.support.cast import QUESTION, Cast, begun


async def test_the_home_shows_what_others_changed_where_one_may_look(cast: Cast) -> None:
    await begun(cast.staff, title="Private")
    await cast.participant.post(f"{cast.path}/comments", {"text": "Hello"})
    home = (await cast.observer.get("/api/lab")).json()
    assert {one["challenge"]["title"] for one in home["changes"]} == {QUESTION["title"]}
    assert {one["verb"] for one in home["changes"]} == {"created", "joined", "commented"}
    assert home["people"] == {"total": 5, "by_role": {"staff": 1, "facilitator": 1, "participant": 3}}
    own = (await cast.participant.get("/api/lab")).json()["changes"]
    assert all(one["person"]["id"] != cast.participant.id for one in own)


async def test_since_is_the_end_of_the_last_visit_and_holds_still_during_this_one(cast: Cast) -> None:
    clock = cast.lab.clock

    async def since() -> str | None:
        told: str | None = (await cast.observer.get("/api/lab")).json()["since"]
        return told

    async def leaves() -> None:
        assert (await cast.observer.post("/api/lab/seen")).status_code == 204

    assert await since() is None
    await leaves()  # 09:00; and comes back at once: it is the same page, loaded again
    assert await since() is None
    clock.advance(1800)
    await leaves()  # 09:30, still the first visit
    clock.advance(1801)
    assert await since() == "2026-01-05T09:30:00Z"
    for _ in range(3):
        await leaves()
        assert await since() == "2026-01-05T09:30:00Z"
        clock.advance(600)
    clock.advance(10_000)
    assert await since() == "2026-01-05T10:20:01Z"


async def test_staff_name_the_lab(cast: Cast) -> None:
    assert (await cast.facilitator.patch("/api/lab", {"name": "Mine"})).status_code == 403
    home = (await cast.staff.patch("/api/lab", {"name": "Lab of labs"})).json()
    home = (await cast.staff.patch("/api/lab", {"intro": "We look.\nWe try."})).json()
    assert (home["name"], home["intro"], home["example"]) == ("Lab of labs", "We look.\nWe try.", False)
    assert (await cast.participant.me())["lab"] == {"name": "Lab of labs"}
    for bad in ({"name": ""}, {"name": "x" * 81}, {"intro": "x" * 2001}, {"motto": "x"}):
        assert (await cast.staff.patch("/api/lab", bad)).status_code == 422


async def test_guests_learn_nothing_of_the_rest_of_the_lab(cast: Cast) -> None:
    invitation = (await cast.facilitator.post(f"{cast.path}/invitations", {"role": "participant"})).json()
    guest = cast.lab.browser("10.9.0.1")
    joined = await guest.post(
        "/api/invitations/accept", {"secret": invitation["url"].partition("#")[2], "name": "Gus"}
    )
    assert joined.json()["challenge"] == cast.id
    home = (await guest.get("/api/lab")).json()
    assert home["people"] == {"total": 0, "by_role": {}}
    assert {one["challenge"]["id"] for one in home["changes"]} == {cast.id}
    assert (await guest.post(f"{cast.path}/comments", {"text": "Hello"})).status_code == 201
    assert (await guest.post("/api/challenges", QUESTION)).status_code == 403


async def test_many_small_things_are_one_line(cast: Cast) -> None:
    async def lines() -> list[str]:
        changes = (await cast.staff.get("/api/lab")).json()["changes"]
        return [one["at"] for one in changes if one["verb"] == "commented"]

    for minutes in (0, 10, 19):
        cast.lab.clock.advance(minutes * 60)
        await cast.participant.post(f"{cast.path}/comments", {"text": "Hello"})
    assert await lines() == ["2026-01-05T09:29:00Z"]
    cast.lab.clock.advance(60)
    await cast.participant.post(f"{cast.path}/comments", {"text": "Hello"})
    assert await lines() == ["2026-01-05T09:30:00Z", "2026-01-05T09:29:00Z"]


async def test_old_lines_go(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.challenges.activity.KEPT", 4)
    for _ in range(8):
        cast.lab.clock.advance(3600)
        await cast.participant.post(f"{cast.path}/comments", {"text": "Hello"})
    changes = (await cast.staff.get("/api/lab")).json()["changes"]
    assert [one["verb"] for one in changes] == ["commented"] * 4
