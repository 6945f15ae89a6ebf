"""Boards as files, under chance: what goes out comes back, and nothing that comes in does harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lab.boards import document
from lab.boards.arrangement import Arrangement, layers
from lab.boards.drawing import ImageFile
from lab.boards.formats import FORMATS, Imported, export, preview, read
from lab.boards.formats.errors import BadFile
from lab.boards.formats.tagging import with_tags, without_tags
from lab.boards.formats.writing import Surroundings
from lab.boards.objects import COLOURS, RELATIONS, BoardContent, BoardObject, End, Picture, Source
from lab.core.words import clean
from tests.support.boards import medicines

ERRORS = get_args(BadFile)
IMAGES = {"01P": ImageFile(b"\x89PNG\r\n\x1a\n....", "image/png")}
slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

words = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n#*\\- "), max_size=60)
words = words.filter(lambda text: clean(text) == text)
some_words = words.filter(lambda text: text.strip() != "")
tag = some_words.map(lambda text: " ".join(text.split())[:40].strip()).filter(
    lambda text: text.strip("#") != "" and document.facets.is_tag(text)
)
number = st.floats(-10_000, 10_000)
side = st.floats(1, 2_000)


@st.composite
def boards(draw: Callable[[Any], Any]) -> BoardContent:
    """As a document can hold them."""
    objects: list[BoardObject] = []

    def ids(start: str, count: int) -> list[str]:
        return [f"{start}{at}" for at in range(count)]

    def put(id: str, kind: str, **more: Any) -> None:
        place = {name: draw(number) for name in ("x", "y")} | {name: draw(side) for name in ("w", "h")}
        objects.append(BoardObject.model_validate({"id": id, "kind": kind, **place, **more}))

    areas = ids("a", draw(st.integers(0, 3)))
    clusters = ids("c", draw(st.integers(0, 2)))
    for id in areas:
        put(id, "area", text=draw(words), prompt=draw(words))
    for id in clusters:
        put(id, "cluster", text=draw(words), parent=draw(st.sampled_from([None, *areas])))
    sheets = ids("s", draw(st.integers(0, 5)))
    for id in sheets:
        kind = draw(st.sampled_from(["note", "note", "heading", "source", "evidence", "image"]))
        more: dict[str, Any] = {
            "text": draw(some_words),
            "tags": tuple(sorted(draw(st.sets(tag, max_size=3)))),
            "parent": draw(st.sampled_from([None, *areas, *clusters])),
        }
        if kind == "note":
            more |= {
                "colour": draw(st.sampled_from(COLOURS)),
                "by": draw(st.sampled_from([None, "01DEV"])),
                "reactions": draw(st.sampled_from([{}, {"👍": ("01DEV",)}])),
            }
        if kind == "source":
            more["source"] = Source(url="https://example.org/a", title=draw(st.sampled_from(["", "A page"])))
        if kind == "evidence":
            more["evidence"] = "01CARD"
        if kind == "image":
            more |= {"picture": Picture(file="01P", width=30, height=20), "alt": draw(words)}
        put(id, kind, **more)
    for id in ids("w", draw(st.integers(0, 3))):
        ends = [
            End(
                object=draw(st.sampled_from([None, *areas, *clusters, *sheets])),
                x=draw(number),
                y=draw(number),
            )
            for _ in range(2)
        ]
        objects.append(
            BoardObject(
                id=id, kind="connector", start=ends[0], end=ends[1], text=draw(words),
                relation=draw(st.sampled_from(RELATIONS)),
            )
        )  # fmt: skip
    keys = layers(len(objects))
    order = draw(st.permutations(objects))
    return BoardContent(
        title=" ".join(draw(words).split())[:120].strip(),
        legend=draw(st.sampled_from([{}, {"sky": "Ideas"}])),
        objects=tuple(one.model_copy(update={"z": z}) for one, z in zip(order, keys, strict=True)),
    )


def again(content: BoardContent, format: str, change: Callable[[bytes], bytes] = bytes) -> Imported:
    made = export(content, format, Surroundings(images=IMAGES))
    return read(f"{content.title or 'board'}.{made.suffix}", change(made.content))


def without(one: BoardObject, *fields: str) -> dict[str, Any]:
    shown = one.model_dump(exclude=set(fields))
    if shown.get("picture"):
        shown["picture"]["file"] = "the same"
        shown["picture"] |= {"width": 0, "height": 0}
    return shown


@slow
@given(boards())
def test_our_own_json_comes_back_exactly(content: BoardContent) -> None:
    found = again(content, "json")
    assert found.content == content
    assert not found.left_out


@slow
@given(boards())
def test_a_canvas_bundle_comes_back_exactly(content: BoardContent) -> None:
    found = again(content, "canvas.zip")
    assert found.content.legend == content.legend
    assert [without(one) for one in found.content.objects] == [without(one) for one in content.objects]
    assert set(found.images.values()) <= {IMAGES["01P"].content}
    assert not found.left_out


@slow
@given(boards())
def test_a_scene_comes_back_with_everything_but_what_lies_above_what(content: BoardContent) -> None:
    found = again(content, "excalidraw").content
    assert (found.legend, found.title) == (content.legend, content.title or found.title)
    back = {one.id: one for one in found.objects}
    assert back.keys() == {one.id for one in content.objects}
    for one in content.objects:
        assert without(one, "z", "start", "end") == without(back[one.id], "z", "start", "end")
        for was, is_ in ((one.start, back[one.id].start), (one.end, back[one.id].end)):
            if was is not None:
                assert is_ is not None
                assert (is_.object, is_.x, is_.y) == (was.object, pytest.approx(was.x), pytest.approx(was.y))


def stripped(data: bytes) -> bytes:
    """The same scene as if it had been drawn by hand."""
    scene = json.loads(data)
    scene.pop("lab")
    for one in scene["elements"]:
        one.pop("customData", None)
    return json.dumps(scene).encode()


@slow
@given(boards())
def test_a_scene_without_our_data_keeps_every_text_area_link_and_tag(content: BoardContent) -> None:
    found = again(content, "excalidraw", stripped).content
    was, is_ = Arrangement(content), Arrangement(found)
    every = "\n".join(one.text + (one.source.title if one.source else "") for one in found.objects)
    for one in content.objects:
        if one.kind in ("area", "note"):
            assert is_.objects[one.id].text == one.text
        elif one.kind != "cluster" or one.text.strip():
            assert one.text in every
        assert not one.prompt.strip() or one.prompt in every
        if one.kind in ("note", "source", "evidence", "heading"):
            assert is_.area(is_.objects[one.id]) == was.area(one)
            assert is_.objects[one.id].tags == one.tags
        if one.kind == "connector":
            back = is_.objects[one.id]
            assert back.relation == one.relation
            for which in ("start", "end"):
                end = was.at(one, which)
                if end and was.objects[end].kind not in ("cluster",):
                    assert is_.at(back, which) == end


@given(words, st.lists(tag, max_size=3))
def test_tags_in_text_come_back_as_tags_and_words_that_look_like_them_as_words(
    text: str, tags: list[str]
) -> None:
    # A no-break space within a tag is what a space there is written as.
    tags = [one.replace("\xa0", " ") for one in tags]
    assert without_tags(with_tags(text, tags)) == (text, tuple(tags))


@slow
@given(boards(), st.sampled_from(["csv", "tsv"]))
def test_our_table_keeps_every_text_area_and_tied_link(content: BoardContent, format: str) -> None:
    found = {one.id: one for one in again(content, format).content.objects}
    was = Arrangement(content)
    for one in content.objects:
        if one.text.strip() and one.kind in ("note", "heading", "image", "area"):
            assert found[one.id].text.split() == one.text.split()
        if one.kind == "connector":
            ends = [
                end.object if (end := getattr(found[one.id], which)) else None for which in ("start", "end")
            ]
            assert ends == [was.at(one, which) for which in ("start", "end")]


names = st.sampled_from(
    [
        "b.json",
        "b.canvas",
        "b.zip",
        "b.canvas.zip",
        "b.excalidraw",
        "b.svg",
        "b.png",
        "b.csv",
        "b.tsv",
        "b.txt",
        "b",
        "",
    ]
)


def harmless(name: str, data: bytes) -> None:
    for look in (read, preview):
        try:
            found = look(name, data)
        except ERRORS:
            continue
        if isinstance(found, Imported):
            # It can be kept, exported and read again.
            assert document.read_state(document.build(found.content)).objects is not None
            BoardContent.model_validate_json(found.content.model_dump_json())
            json.dumps([(one.what, one.why) for one in found.left_out]).encode()


@settings(max_examples=300, deadline=None)
@given(names, st.binary(max_size=400))
def test_any_bytes_are_a_board_or_a_clear_refusal(name: str, data: bytes) -> None:
    harmless(name, data)


GOOD = {format: export(medicines(), format, Surroundings(images=IMAGES)).content for format in FORMATS}


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(FORMATS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=4),
)
def test_damaged_files_are_a_board_or_a_clear_refusal(
    format: str, changes: list[tuple[float, int, bytes]]
) -> None:
    data = GOOD[format]
    for at, length, instead in changes:
        begin = int(at * len(data))
        data = data[:begin] + instead + data[begin + length :]
    harmless(f"b.{format}", data)


KINDS_OF_OTHERS = ("text", "group", "file", "link", "rectangle", "arrow", "frame", "image", "line", "odd")
KEYS = ("id", "type", "text", "points", "customData", "lab", "kind", "elementId", "x", "url")
NODE = (
    "type", "text", "x", "y", "width", "height", "color", "label", "file", "url", "subpath", "fromNode",
    "toNode", "fromEnd", "toEnd",
)  # fmt: skip
ELEMENT = (
    "id", "text", "originalText", "x", "y", "width", "height", "angle", "points", "groupIds", "frameId",
    "containerId", "startBinding", "endBinding", "link", "fileId", "customData", "backgroundColor",
    "strokeColor", "strokeWidth", "name", "locked", "isDeleted",
)  # fmt: skip
leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
anything = st.recursive(
    leaf | st.sampled_from([*KINDS_OF_OTHERS, "a", "b", "#fff"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
node = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b", "c", "\ud800"]) | anything}, optional=dict.fromkeys(NODE, anything)
)
element = st.fixed_dictionaries(
    {"type": st.sampled_from([*KINDS_OF_OTHERS, "freedraw", "embeddable"])},
    optional=dict.fromkeys(ELEMENT, anything),
)
some_canvas = st.fixed_dictionaries(
    {"nodes": st.lists(node, max_size=4), "edges": st.lists(node, max_size=3)},
)
some_scene = st.fixed_dictionaries(
    {"type": st.just("excalidraw"), "elements": st.lists(element, max_size=5)},
    optional={"files": anything, "appState": anything, "lab": anything},
)
some_board = st.fixed_dictionaries(
    {"format": st.just("live-lab/board"), "version": st.just(1), "objects": anything}
)


@settings(max_examples=250, deadline=None)
@given(some_canvas | some_scene | some_board | anything)
@example({"type": "excalidraw", "elements": [{"type": "image", "id": "a", "groupIds": [[]]}]})
def test_well_formed_nonsense_is_a_board_or_a_clear_refusal(value: Any) -> None:
    harmless("b.json", json.dumps(value).encode())
