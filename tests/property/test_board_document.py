"""The board's document: what can be written is read back, and nothing in a document stops a reader."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlFragment

from lab.boards.document import SCHEMA, begun, build, read, read_state, removed
from lab.boards.facets import FACETS, check_entry
from lab.boards.objects import (
    COLOURS,
    KINDS,
    LONGEST,
    MOST_OBJECTS,
    REACH,
    RELATIONS,
    BoardContent,
    BoardObject,
    End,
    Origin,
    Picture,
    Source,
)
from lab.realtime.errors import RefusedUpdate
from lab.realtime.guard import Guard, Known, Limits
from lab.realtime.ports import Special

IDS = [f"object{number:06}" for number in range(8)]
coordinates = st.floats(-REACH, REACH, width=32)
lengths = st.floats(1, LONGEST, width=32)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
tags = st.lists(words.filter(lambda tag: tag and tag == tag.strip()), max_size=4, unique=True)
ends = st.none() | st.builds(End, object=st.none() | st.sampled_from(IDS), x=coordinates, y=coordinates)
people = st.sampled_from(["01PERSONANA", "01PERSONBEN"])


@st.composite
def boards(draw: st.DrawFn) -> BoardContent:
    """Boards as a reader finds them: parents and ends that are there, in reading order."""
    kinds = {id: draw(st.sampled_from(KINDS)) for id in draw(st.lists(st.sampled_from(IDS), unique=True))}
    objects = [draw(an_object(id, kinds)) for id in kinds]
    legend = draw(st.dictionaries(st.sampled_from(COLOURS), words.filter(bool), max_size=3))
    return BoardContent(legend=legend, objects=tuple(sorted(objects, key=lambda one: (one.z, one.id))))


@st.composite
def an_object(draw: st.DrawFn, id: str, kinds: Mapping[str, Any]) -> BoardObject:
    kind = kinds[id]
    allowed = {"area": (), "cluster": ("area",)}.get(kind, ("area", "cluster"))
    parents = [None, *(other for other in kinds if kinds[other] in allowed)]

    def end() -> End | None:
        made = draw(ends) if kind == "connector" else None
        holds = made is not None and kinds.get(made.object or "", "connector") != "connector"
        return made if made is None or holds else made.model_copy(update={"object": None})

    sized = kind not in ("connector", "cluster")
    return BoardObject(
        id=id,
        kind=kind,
        by=draw(st.none() | people),
        at=draw(st.none() | st.just("2026-11-23T10:05Z")),
        x=draw(coordinates),
        y=draw(coordinates),
        **({"w": draw(lengths), "h": draw(lengths)} if sized else {}),
        z=draw(st.text("abcXYZ019", max_size=6)),
        parent=draw(st.sampled_from(parents)),
        colour=draw(st.sampled_from(COLOURS)),
        text=draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=60)),
        tags=tuple(sorted(draw(tags))),
        start=end(),
        end=end(),
        relation=draw(st.sampled_from(RELATIONS)),
        picture=draw(st.none() | st.just(Picture(file="01FILE", width=800, height=600))),
        alt=draw(words),
        source=draw(st.none() | st.just(Source(url="https://example.org/a", title="A page", site="Example"))),
        evidence=draw(st.none() | st.just("01CARD")),
        prompt=draw(words),
        reactions=dict.fromkeys(draw(st.sampled_from([(), ("👍",), ("👍", "🏳️\u200d🌈")])), ("01PERSONANA",)),
        origin=draw(st.none() | st.just(Origin(board="01BOARD", object="copied"))),
        merged=tuple(draw(st.lists(st.sampled_from(["one", "two"]), unique=True))),
    )


@given(boards())
@settings(max_examples=150, deadline=None)
def test_what_was_built_is_read_back(content: BoardContent) -> None:
    assert read_state(build(content)) == content


@given(boards(), people)
@settings(max_examples=60, deadline=None)
def test_what_somebody_begins_with_passes_the_guard_as_their_own(content: BoardContent, person: str) -> None:
    fresh = begun(content, person, "2026-11-23T10:05Z")
    checked = Guard(SCHEMA, Limits(in_process_bytes=1 << 20)).check(build(fresh), Known(person, 1, {}))
    assert {key.split("/")[0] for root, key in checked.touched if root == "objects"} == {
        one.id for one in fresh.objects
    }
    assert all(one.by == person for one in read_state(build(fresh)).objects)


# Hostile documents: nothing here went through a guard.

numbers = st.sampled_from([math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, 2**60, 0, -1, True])
scalars = st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
anything = st.recursive(
    scalars | st.sampled_from([*IDS, *KINDS, *COLOURS, "javascript:alert(1)"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["x", "y", "w", "h", "object", "colour", "kind", "by", "at", "url", "file", "width", "height"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=8,
)
facet_names = st.sampled_from(
    [*FACETS, "tag/x", "tag/ ", "reaction/👍/01ANA", "reaction/", "", "nothing", "a/b/c"]
)
keys = st.one_of(
    st.tuples(st.sampled_from([*IDS, "", "ä", "x" * 40]), facet_names).map("/".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
shared = st.sampled_from([lambda: Text("words"), lambda: Map({"x": 1}), lambda: Array([1, 2])])


@given(st.dictionaries(keys, anything | shared, max_size=30), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_reader_copes_with_whatever_is_there(entries: dict[str, Any], made: bool) -> None:
    doc: Doc[Any] = Doc()
    objects = doc.get("objects", type=Map)
    with doc.transaction():
        for key, value in entries.items():
            objects[key] = value() if callable(value) else value
        if made:
            for id, kind in zip(IDS, KINDS, strict=True):
                objects[f"{id}/made"] = {"kind": kind, "by": None, "at": None}
    content = read(doc)
    assert len(content.objects) == len({one.id for one in content.objects})
    for one in content.objects:
        BoardObject.model_validate(one.model_dump())
        assert -REACH <= one.x <= REACH
        assert 1 <= one.w <= LONGEST
    assert read_state(build(content)).objects == content.objects
    removed(doc)


@pytest.mark.parametrize("kind", [Text, Array, XmlFragment])
def test_a_root_of_another_type_reads_as_an_empty_board(kind: type) -> None:
    doc: Doc[Any] = Doc()
    doc.get("objects", type=kind)
    assert read(doc).objects == ()


def test_parents_in_a_circle_are_let_go() -> None:
    doc: Doc[Any] = Doc()
    objects = doc.get("objects", type=Map)
    for id, kind, parent in (
        ("a", "area", "b"),
        ("b", "cluster", "c"),
        ("c", "cluster", "b"),
        ("n", "note", "n"),
    ):
        objects[f"{id}/made"] = {"kind": kind, "by": None, "at": None}
        objects[f"{id}/parent"] = parent
    assert {one.id: one.parent for one in read(doc).objects} == dict.fromkeys("abcn")


def test_a_removed_object_is_not_shown_and_nothing_holds_on_to_it() -> None:
    doc: Doc[Any] = Doc()
    objects = doc.get("objects", type=Map)
    for id, kind in (("area", "area"), ("note", "note"), ("line", "connector")):
        objects[f"{id}/made"] = {"kind": kind, "by": None, "at": None}
    objects["area/gone"] = {"by": None, "at": "2026-11-23T10:05Z"}
    objects["note/parent"] = "area"
    objects["line/start"] = {"object": "area", "x": 3, "y": 4}
    objects["line/end"] = {"object": "never", "x": 1, "y": 2}
    content = {one.id: one for one in read(doc).objects}
    assert content.keys() == {"note", "line"}
    assert content["note"].parent is None
    assert content["line"].start == End(object=None, x=3, y=4)
    assert content["line"].end == End(object=None, x=1, y=2)
    assert [one.id for one in removed(doc)] == ["area"]
    del objects["area/gone"]
    assert {one.id for one in read(doc).objects} == {"area", "note", "line"}


def test_a_hundred_thousand_objects_are_cut_to_the_most_there_may_be() -> None:
    doc: Doc[Any] = Doc()
    objects = doc.get("objects", type=Map)
    with doc.transaction():
        for number in range(100_000):
            objects[f"o{number}/made"] = {"kind": "note", "by": None, "at": None}
    assert len(read(doc).objects) == MOST_OBJECTS


# What one may write.

ANA = "01PERSONANA"
TAKEN: dict[str, tuple[str, Any]] = {
    "made by oneself": ("made", {"kind": "note", "by": ANA, "at": "2026-11-23T10:05Z"}),
    "made by nobody": ("made", {"kind": "area", "by": None, "at": None}),
    "a place": ("place", {"x": -1.5, "y": 10}),
    "a parent": ("parent", "other"),
    "no parent": ("parent", None),
    "a tag with a slash": ("tag/either/or", True),
    "a tag taken away": ("tag/x", Special.NOTHING),
    "a text": ("text", Special.TEXT),
    "one's own reaction": (f"reaction/👍/{ANA}", True),
    "one's own reaction taken back": (f"reaction/👍/{ANA}", Special.NOTHING),
    "removed": ("gone", {"by": ANA, "at": None}),
    "brought back": ("gone", Special.NOTHING),
    "a colour undone": ("style", Special.NOTHING),
    "a loose end": ("end", {"object": None, "x": 1, "y": 2}),
    "a link": ("source", {"url": "https://example.org", "title": "", "site": ""}),
}
REFUSED: dict[str, tuple[str, Any]] = {
    "made by somebody else": ("made", {"kind": "note", "by": "01PERSONBEN", "at": None}),
    "an unknown kind": ("made", {"kind": "rocket", "by": ANA, "at": None}),
    "made with more than it has": ("made", {"kind": "note", "by": ANA, "at": None, "x": 1}),
    "made taken away": ("made", Special.NOTHING),
    "a place that is no number": ("place", {"x": math.nan, "y": 0}),
    "a place far beyond": ("place", {"x": 1e308, "y": 0}),
    "a place that is true": ("place", {"x": True, "y": 0}),
    "half a place": ("place", {"x": 1}),
    "a place taken away": ("place", Special.NOTHING),
    "no size": ("size", {"w": 0, "h": 10}),
    "an unknown colour": ("style", {"colour": "red"}),
    "a text that is a plain value": ("text", "words"),
    "a text that is a map": ("text", Special.MAP),
    "a text taken away": ("text", Special.NOTHING),
    "a tag that is a number": ("tag/x", 1),
    "an empty tag": ("tag/", True),
    "a long tag": ("tag/" + "x" * 41, True),
    "somebody else's reaction": ("reaction/👍/01PERSONBEN", True),
    "somebody else's reaction taken away": ("reaction/👍/01PERSONBEN", Special.NOTHING),
    "a reaction in words": (f"reaction/hello/{ANA}", True),
    "removed in another's name": ("gone", {"by": "01PERSONBEN", "at": None}),
    "a link that runs": ("source", {"url": "javascript:alert(1)", "title": "", "site": ""}),
    "an unknown facet": ("votes", 3),
    "no facet": ("", 3),
    "bytes": ("alt", b"words"),
}


@pytest.mark.parametrize(("facet", "value"), TAKEN.values(), ids=TAKEN)
def test_taken(facet: str, value: Any) -> None:
    assert check_entry("objects", f"abcdefghijkl/{facet}", value, ANA) is None


@pytest.mark.parametrize(("facet", "value"), REFUSED.values(), ids=REFUSED)
def test_refused(facet: str, value: Any) -> None:
    assert check_entry("objects", f"abcdefghijkl/{facet}", value, ANA)


@given(keys, anything | st.sampled_from(list(Special)))
@settings(max_examples=300, deadline=None)
def test_the_check_answers_whatever_it_is_asked(key: str, value: Any) -> None:
    for root in ("objects", "board"):
        assert isinstance(check_entry(root, key, value, ANA), str | None)


def test_texts_have_no_formats_and_grow_by_no_more_than_4000_at_once() -> None:
    doc: Doc[Any] = Doc(client_id=random.randrange(1, 1 << 30))
    objects = doc.get("objects", type=Map)
    guard, known = Guard(SCHEMA), Known(ANA, 1, {})
    objects["note/text"] = Text("x" * 4_000)
    guard.check(doc.get_update(), known)
    objects["note/text"].format(0, 5, {"bold": True})
    with pytest.raises(RefusedUpdate, match="mark") as refused:
        guard.check(doc.get_update(), known)
    assert refused.value.rule == "G17"
    objects["more/text"] = Text("x" * 4_001)
    with pytest.raises(RefusedUpdate):
        guard.check(doc.get_update(), known)
