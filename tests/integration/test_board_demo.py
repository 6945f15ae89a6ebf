"""The board of the example: there when a lab is new, sound, and as people may write it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lab.boards.demo import AREAS, LEGEND, TALKS, TITLE, board, id_of
from lab.boards.document import SCHEMA, begun, build, read_state
from lab.boards.objects import RELATIONS
from lab.realtime.guard import Guard, Known, Limits
from lab.realtime.ports import RoomName
from tests.support.app import running_lab

PEOPLE = {who: f"01{who.upper()}" for who in ("jo", "amara", "tom", "gwen", "daniel", "anna")}
CONTENT = board(PEOPLE, datetime(2026, 1, 5, 9, tzinfo=UTC))


def test_it_is_worth_opening() -> None:
    kinds = [one.kind for one in CONTENT.objects]
    assert 20 <= kinds.count("note") <= 25
    assert (kinds.count("area"), kinds.count("cluster")) == (3, 5)
    assert {one.relation for one in CONTENT.objects if one.kind == "connector"} == set(RELATIONS)
    assert {one.colour for one in CONTENT.objects if one.kind == "note"} == set(LEGEND)
    assert all(one.tags for one in CONTENT.objects if one.colour == "mint")
    assert any("example" in one.text.lower() for one in CONTENT.objects if one.kind == "heading")


def test_it_reads_back_as_it_was_built_and_people_may_write_it() -> None:
    assert read_state(build(CONTENT)) == CONTENT
    fresh = begun(CONTENT, PEOPLE["jo"], "2026-01-05T09:00Z")
    Guard(SCHEMA, Limits(in_process_bytes=1 << 20)).check(build(fresh), Known(PEOPLE["jo"], 1, {}))


def test_nothing_lies_on_anything_else() -> None:
    boxes = [one for one in CONTENT.objects if one.kind in ("note", "source")]
    areas = {one.id: one for one in CONTENT.objects if one.kind == "area"}
    assert len({one.id for one in CONTENT.objects}) == len(CONTENT.objects)
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = abs(one.x - other.x) >= one.w or abs(one.y - other.y) >= one.h
            assert apart, (one.text, other.text)
        holder = next(area for area in AREAS if one.x < areas[id_of(area.key)].x + areas[id_of(area.key)].w)
        assert areas[id_of(holder.key)].y + areas[id_of(holder.key)].h >= one.y + one.h


async def test_a_new_lab_has_it(sqlite_url: str, tmp_path: Path) -> None:
    async with running_lab(sqlite_url, tmp_path, demo=True) as lab:
        ana = await lab.person("Ana", role="staff")
        challenge = (await ana.get("/api/challenges")).json()["items"][0]
        (shown,) = (await ana.get(f"/api/challenges/{challenge['id']}/boards")).json()["items"]
        assert (shown["title"], shown["created_by"]["name"]) == (TITLE, "Jo Marsh (example)")
        assert shown["notes"] == sum(one.kind == "note" for one in CONTENT.objects)
        content = read_state(await lab.app.state.rooms.read(RoomName(f"board/{shown['id']}")))
        assert [one.id for one in content.objects] == [one.id for one in CONTENT.objects]
        path = f"/api/boards/{shown['id']}"
        versions = (await ana.get(f"{path}/versions")).json()["items"]
        assert [(one["name"], one["kind"]) for one in versions] == [
            ("Before the tests", "named"),
            ("After round one", "named"),
        ]
        assert [one["notes"] for one in versions] == [18, 10]
        threads = (await ana.get(f"{path}/comments")).json()["items"]
        there = {one.id for one in content.objects}
        assert len(threads) == len(TALKS)
        assert all(one["anchor"]["object"] in there for one in threads)
        assert sum(one["resolved"] is not None for one in threads) == 1
        others = (await ana.get("/api/challenges")).json()["items"][1:]
        for other in others:
            assert (await ana.get(f"/api/challenges/{other['id']}/boards")).json()["items"] == []
