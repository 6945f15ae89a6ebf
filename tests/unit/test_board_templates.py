"""The templates that come with the lab: whole, drawable, and none lying on another."""

from __future__ import annotations

from itertools import combinations

import pytest

from lab.boards.document import build, read_state
from lab.boards.objects import BoardObject
from lab.boards.templates import Layout, built_in

WANTED = {
    "blank", "columns", "matrix", "grid", "tree", "timeline", "swimlanes", "fishbone",
    "driver-diagram", "journey-map",
}  # fmt: skip
each_template = pytest.mark.parametrize("template", built_in(), ids=lambda one: one.id)


def test_those_that_people_look_for_are_there_the_plainest_first() -> None:
    assert {one.id for one in built_in()} >= WANTED
    assert built_in()[0].id == "blank"
    assert len({one.title for one in built_in()}) == len(built_in())


@each_template
def test_a_template_becomes_a_board_and_is_read_back_as_it_was(template: Layout) -> None:
    content = template.content()
    assert read_state(build(content)) == content.model_copy(update={"title": ""})
    assert len({one.id for one in content.objects}) == len(content.objects)


@each_template
def test_nothing_lies_on_anything(template: Layout) -> None:
    solid = [one for one in template.content().objects if one.kind != "connector"]
    for one, other in combinations(solid, 2):
        assert not _overlap(one, other), (one.text, other.text)


@each_template
def test_every_area_has_a_name_of_its_own_and_room_for_two_notes_side_by_side(template: Layout) -> None:
    areas = [one for one in template.content().objects if one.kind == "area"]
    assert len({one.text for one in areas}) == len(areas)
    assert all(one.w >= 450 and one.h >= 240 for one in areas)
    assert template.areas == tuple(one.text for one in areas)


@each_template
def test_connectors_join_what_is_there(template: Layout) -> None:
    content = template.content()
    there = {one.id for one in content.objects}
    for line in content.objects:
        if line.kind == "connector":
            assert line.start is not None
            assert line.end is not None
            assert {line.start.object, line.end.object} - {None} <= there


def _overlap(one: BoardObject, other: BoardObject) -> bool:
    return (
        one.x < other.x + other.w
        and other.x < one.x + one.w
        and one.y < other.y + other.h
        and other.y < one.y + one.h
    )
