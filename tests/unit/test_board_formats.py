"""Boards as files: what each format says, what is made of other tools' files, and what is refused."""

from __future__ import annotations

import base64
import csv
import io
import json
import struct
import time
import zipfile
import zlib
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

from lab.boards.arrangement import Arrangement
from lab.boards.drawing import Card, draw
from lab.boards.drawing.model import Rect
from lab.boards.formats import FORMATS, Imported, LeftOut, export, preview, read, with_pictures
from lab.boards.formats.colours import colour
from lab.boards.formats.drawn import DRAWN
from lab.boards.formats.errors import (
    BadFile,
    BadMapping,
    FileDamaged,
    FileNotKnown,
    FileTooBig,
    FileTooMuch,
    FileTooNew,
)
from lab.boards.formats.table import guarded, unguarded
from lab.boards.formats.writing import COLUMNS, Surroundings
from lab.boards.objects import LONGEST, MOST_OBJECTS, REACH, BoardContent, BoardObject, Picture
from tests.support.boards import PEOPLE, area, board, everything, medicines, note, wire
from tests.support.golden_boards import AROUND, GOLDEN, files


def said(value: Any) -> bytes:
    return json.dumps(value).encode()


def canvas(*nodes: dict[str, Any], edges: list[dict[str, Any]] | None = None) -> Imported:
    whole = [
        {"id": f"n{at}", "x": 0, "y": 0, "width": 200, "height": 100, **one} for at, one in enumerate(nodes)
    ]
    return read("b.canvas", said({"nodes": whole, "edges": edges or []}))


def scene(*elements: dict[str, Any], **more: Any) -> Imported:
    whole = [
        {"id": f"e{at}", "x": 0, "y": 0, "width": 200, "height": 100, **one}
        for at, one in enumerate(elements)
    ]
    return read("b.excalidraw", said({"type": "excalidraw", "version": 2, "elements": whole, **more}))


def one_of(found: Imported, kind: str) -> BoardObject:
    (one,) = (each for each in found.content.objects if each.kind == kind)
    return one


PHARMACIST = "Pharmacist joins the round twice a week:"

# Files that have been written stay readable, and are written the same way.


@pytest.mark.parametrize("name", sorted(files()))
def test_a_board_is_written_as_it_always_was(name: str) -> None:
    assert files()[name] == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("name", sorted(files()))
def test_what_was_written_is_read(name: str) -> None:
    found = read(name, (GOLDEN / name).read_bytes())
    was = medicines()
    notes = {one.text for one in was.objects if one.kind == "note"}
    back = {one.text for one in found.content.objects}
    if name.endswith("canvas"):
        # There the first of several lines is a title, in bold.
        back = {text.replace("**Pharmacist joins the round twice a week:**", PHARMACIST) for text in back}
    assert notes <= back
    assert found.kept["area"] + found.kept.get("cluster", 0) >= 3


def test_every_field_comes_back_in_our_own_json() -> None:
    assert read("b.json", export(everything(), "json").content).content == everything()


def test_the_same_board_gives_the_same_bytes() -> None:
    for format in FORMATS:
        assert export(medicines(), format, AROUND) == export(medicines(), format, AROUND)


# Our own JSON is strict.


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"x": 10**7}, "objects[0].x"),
        ({"x": None}, "objects[0].x"),
        ({"w": -5}, "objects[0].w"),
        ({"kind": "video"}, "objects[0].kind"),
        ({"extra": 1}, "objects[0].extra"),
        ({"tags": ["b", "a"]}, "objects[0].tags"),
        ({"by": "not/an id"}, "objects[0].by"),
        ({"at": "yesterday"}, "objects[0].at"),
        ({"text": "x" * 2_001}, "objects[0].text"),
        ({"source": {"url": "javascript:alert(1)"}}, "objects[0].source"),
        ({"y": float("nan")}, "objects[0].y"),
        ({"tags": sorted(f"t{at:02}" for at in range(21))}, "objects[0].tags"),
        ({"merged": [f"m{at}" for at in range(501)]}, "objects[0].merged"),
    ],
)
def test_what_a_board_cannot_hold_is_named_with_its_place(change: dict[str, Any], where: str) -> None:
    data = {"format": "live-lab/board", "version": 1, "objects": [{"id": "n1", "kind": "note", **change}]}
    with pytest.raises(FileDamaged) as caught:
        read("b.json", said(data))
    assert caught.value.details["where"] == where
    assert where in str(caught.value)


def test_our_own_json_carries_its_pictures() -> None:
    data = export(medicines(), "json", AROUND).content
    found = read("b.json", data)
    assert found.content == medicines()
    assert dict(found.images) == {"01PICTURE": AROUND.images["01PICTURE"].content}
    whole = json.loads(data)
    for images, where in (
        ({"a/b": {"media": "image/png", "data": ""}}, "images.a/b.[key]"),
        ({"a": {"media": "image/png", "data": "?"}}, "images.a.data"),
        ({"a": {"media": "image/png"}}, "images.a.data"),
        ([], "images"),
    ):
        with pytest.raises(FileDamaged) as caught:
            read("b.json", said(whole | {"images": images}))
        assert caught.value.details["where"] == where


def test_what_a_colour_means_is_short() -> None:
    data = {"format": "live-lab/board", "version": 1, "legend": {"sky": "x" * 41}, "objects": []}
    with pytest.raises(FileDamaged, match=r"legend\.sky"):
        read("b.json", said(data))


def test_two_objects_with_one_id_are_refused() -> None:
    twice = [{"id": "n1", "kind": "note"}] * 2
    with pytest.raises(FileDamaged, match="n1"):
        read("b.json", said({"format": "live-lab/board", "version": 1, "objects": twice}))


def test_a_later_version_says_so() -> None:
    with pytest.raises(FileTooNew):
        read("b.json", said({"format": "live-lab/board", "version": 2, "objects": []}))


def test_loose_ends_and_circles_are_let_go_and_told() -> None:
    objects = [
        {"id": "c1", "kind": "cluster", "parent": "c2"},
        {"id": "c2", "kind": "cluster", "parent": "c1"},
        {"id": "w1", "kind": "connector", "start": {"object": "gone"}, "end": {"object": "w1"}},
    ]
    found = read("b.json", said({"format": "live-lab/board", "version": 1, "objects": objects}))
    assert all(one.parent is None for one in found.content.objects)
    assert {(one.what, one.count) for one in found.left_out} == {("cluster", 2), ("connector", 2)}


# JSON Canvas.


def test_a_canvas_has_whole_numbers_and_keys_in_one_order() -> None:
    made = json.loads(export(medicines(), "canvas", AROUND).content)
    assert list(made) == ["nodes", "edges"]
    for node in made["nodes"]:
        assert list(node)[:2] == ["id", "type"]
        assert all(isinstance(node[name], int) for name in ("x", "y", "width", "height"))
    for edge in made["edges"]:
        assert (edge["fromEnd"], edge["toEnd"]) == ("none", "arrow")
    labels = [edge.get("label") for edge in made["edges"]]
    assert labels == [None, "leads to", "supports: saves a trip", "challenges"]
    card = next(node for node in made["nodes"] if node["id"] == "e1")
    assert card["text"] == "**E12**\n> I waited four hours with my coat on.\nSource: Interview, May 2026"


def test_places_that_are_none_are_brought_into_bounds_and_told() -> None:
    data = (
        b'{"nodes": [{"id": "a", "type": "text", "text": "A", "x": NaN, "y": -1e999, "width": -5,'
        b' "height": 0}'
        b', {"id": "b", "type": "text", "text": "B", "x": 1e30, "y": "left", "width": 1e9, "height": 100}]}'
    )
    found = read("b.canvas", data)
    places = [(one.x, one.y, one.w, one.h) for one in found.content.objects]
    assert places == [(0, -REACH, 200, 150), (REACH, 0, LONGEST, 100)]
    assert sum(one.count for one in found.left_out) == 7


def test_a_canvas_of_another_tool() -> None:
    found = canvas(
        {"type": "group", "label": "Ward", "x": -20, "y": -20, "width": 800, "height": 600},
        {"type": "group", "label": "Inner", "x": 0, "y": 0, "width": 300, "height": 300},
        {"type": "text", "text": "**Title**\nAnd more\n#one #two", "color": "4"},
        {"type": "text", "text": "# Heading", "x": 500},
        {"type": "link", "url": "https://example.org/a", "x": 2000},
        {"type": "file", "file": "notes/plan.md", "subpath": "#aim", "x": 2000},
        {"type": "portal", "x": 2000, "strange": [1, 2]},
        edges=[
            {"id": "e1", "fromNode": "n2", "toNode": "n4", "label": "supports: it"},
            {"id": "e2", "fromNode": "n2", "toNode": "nobody"},
        ],
    )  # fmt: skip
    board_ = Arrangement(found.content)
    objects = board_.objects
    assert (objects["n0"].kind, objects["n1"].kind, objects["n1"].parent) == ("area", "cluster", "n0")
    assert objects["n2"].text == "**Title**\nAnd more"
    assert objects["n2"].tags == ("one", "two")
    assert (objects["n2"].colour, objects["n2"].parent) == ("mint", "n1")
    assert (objects["n3"].kind, objects["n3"].text, objects["n3"].parent) == ("heading", "Heading", "n0")
    assert one_of(found, "source").source is not None
    assert objects["n5"].text == "File: notes/plan.md#aim"
    assert '"strange": [1, 2]' in objects["n6"].text
    assert (objects["e1"].relation, objects["e1"].text) == ("supports", "it")
    assert board_.at(objects["e2"], "end") is None
    told = {one.what for one in found.left_out}
    assert told == {"files", "“portal”", "connector"}


def test_what_was_changed_in_the_canvas_counts_and_the_rest_comes_from_beside_it() -> None:
    made = export(everything(), "canvas.zip", Surroundings()).content
    with zipfile.ZipFile(BytesIO(made)) as bundle:
        parts = {name: bundle.read(name) for name in bundle.namelist()}
    value = json.loads(parts["board.canvas"])
    for node in value["nodes"]:
        if node["id"] == "nFull":
            node |= {"x": 4000, "text": "Said anew\n#c", "color": "1"}
    value["nodes"].append(
        {"id": "new", "type": "text", "text": "New", "x": 5, "y": 400, "width": 90, "height": 20}
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("folder/board.canvas", said(value))
        bundle.writestr("folder/lab.json", parts["lab.json"])
    found = {one.id: one for one in read("x.zip", out.getvalue()).content.objects}
    full = found["nFull"]
    assert (full.x, full.text, full.tags, full.colour) == (4000, "Said anew", ("c",), "rose")
    assert (full.by, full.merged, full.parent) == ("01DEV", ("n2", "n3"), None)
    assert found["new"].parent == "a1"
    assert max(found.values(), key=lambda one: one.z).id == "new"


# Excalidraw.


def test_a_scene_drawn_by_hand() -> None:
    found = scene(
        {"type": "frame", "name": "Ward", "width": 900, "height": 900},
        {"type": "rectangle", "id": "r", "backgroundColor": "#ffec99", "frameId": "e0", "boundElements": []},
        {"type": "text", "containerId": "r", "text": "Wrapped\nhere", "originalText": "Wrapped here"},
        {"type": "ellipse", "id": "o", "backgroundColor": "#a5d8ff", "link": "https://example.org/x"},
        {"type": "text", "containerId": "o", "text": "A page"},
        {"type": "text", "text": "Free words"},
        {"type": "arrow", "id": "ar", "points": [[0, 0], [50, 5]],
         "startBinding": {"elementId": "r"}, "endBinding": {"elementId": "o"}},
        {"type": "text", "containerId": "ar", "text": "leads to"},
        {"type": "arrow", "points": [[0, 0], [70, 8]], "x": 3, "y": 4},
        {"type": "freedraw", "points": [[0, 0], [9, 9], [30, 2]], "x": 1000, "y": 1000},
        {"type": "line", "points": [[0, 0], [90, 0]], "x": 1000, "y": 1050},
        {"type": "embeddable", "link": "https://example.org/film"},
        {"type": "rectangle", "isDeleted": True},
        {"type": "hologram"},
        appstate={"name": "From the wall"},
    )  # fmt: skip
    objects = {one.id: one for one in found.content.objects}
    assert found.content.title == "From the wall"
    assert (objects["r"].kind, objects["r"].text, objects["r"].parent, objects["r"].colour) == (
        "note", "Wrapped here", "e0", "butter",
    )  # fmt: skip
    assert objects["o"].kind == "source"
    assert objects["o"].source is not None
    assert objects["o"].source.title == "A page"
    assert one_of(found, "heading").text == "Free words"
    assert (objects["ar"].relation, objects["ar"].text) == ("leads_to", "")
    assert objects["ar"].start is not None
    assert objects["ar"].start.object == "r"
    loose = objects["e8"]
    assert loose.end is not None
    assert (loose.end.object, loose.end.x, loose.end.y) == (None, 73, 12)
    picture = one_of(found, "image")
    assert picture.picture is not None
    assert found.images[picture.picture.file].startswith(b"\x89PNG")
    assert picture.alt == ""
    told = {one.what: one for one in found.left_out}
    assert told["drawn shapes"].count == 2
    assert "say in words" in told["drawn shapes"].why
    assert told["objects of an unknown kind"].count == 1


def test_groups_are_clusters_and_old_notes_are_notes() -> None:
    found = scene(
        {"type": "rectangle", "id": "a", "groupIds": ["g"], "backgroundColor": "#fff"},
        {"type": "text", "containerId": "a", "text": "One"},
        {"type": "rectangle", "id": "b", "groupIds": ["g"], "x": 300},
        {"type": "text", "containerId": "b", "text": "Two"},
        {"type": "text", "id": "name", "groupIds": ["g"], "text": "Together"},
        {"type": "rectangle", "id": "old", "groupIds": ["h"], "x": 900},
        {"type": "text", "groupIds": ["h"], "text": "Before texts were bound", "x": 910},
    )
    objects = {one.id: one for one in found.content.objects}
    assert (objects["name"].kind, objects["name"].text) == ("cluster", "Together")
    assert {objects["a"].parent, objects["b"].parent} == {"name"}
    assert (objects["old"].kind, objects["old"].text) == ("note", "Before texts were bound")


def test_pictures_in_scenes() -> None:
    good = base64.b64encode(b"\x89PNG picture").decode()
    found = scene(
        {"type": "image", "fileId": "good"},
        {"type": "image", "fileId": "drawn"},
        {"type": "image", "fileId": "gone"},
        files={
            "good": {"mimeType": "image/png", "dataURL": f"data:image/png;base64,{good}"},
            "drawn": {"mimeType": "image/svg+xml", "dataURL": "data:image/svg+xml;base64,PHN2Zz4="},
        },
    )
    assert list(found.images.values()) == [b"\x89PNG picture"]
    assert sum(one.count for one in found.left_out) == 2
    assert any("SVG" in one.why for one in found.left_out)


def test_scenes_inside_pictures() -> None:
    text = export(medicines(), "excalidraw").content
    whole = read("s.excalidraw", text)
    packed = said({"version": "1", "encoding": "bstring", "compressed": True,
                   "encoded": zlib.compress(text).decode("latin-1")})  # fmt: skip
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><metadata>'
        b"<!-- payload-type:application/vnd.excalidraw+json -->"
        b"<!-- payload-version:2 --><!-- payload-start -->"
        + base64.b64encode(packed)
        + b"<!-- payload-end -->"
        b"</metadata></svg>"
    )
    chunk = b"application/vnd.excalidraw+json\x00" + packed
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(chunk)) + b"tEXt" + chunk + b"\x00\x00\x00\x00"
    for name, data in (("s.svg", svg), ("s.png", png)):
        assert read(name, data).content.objects == whole.content.objects
    for name, data in (("s.svg", b"<svg/>"), ("s.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00IEND")):
        with pytest.raises(FileNotKnown, match="Embed scene"):
            read(name, data)


# Tables.


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"), ("windows-1252", "windows-1252")],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found_out(encoding: str, told: str, delimiter: str) -> None:
    rows = [
        ["Idea", "Frame", "Tags"],
        ["Café at nine, daily", "Ward", "food"],
        ["Ring “once”", "Pharmacy", ""],
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    found = preview("t.csv", text.encode(encoding))
    assert (found.encoding, found.delimiter, found.total) == (told, delimiter, 2)
    assert found.rows[0] == ("Café at nine, daily", "Ward", "food")
    assert (found.mapping["text"], found.mapping["area"], found.mapping["tags"]) == ("Idea", "Frame", "Tags")


def test_a_table_of_another_tool_becomes_notes_in_areas() -> None:
    table = (
        "Sticky Note,Frame,Labels,Background Color,Created By,Link\n"
        "Ring once,Pharmacy,quick; cheap,light_yellow,Ana,https://example.org/1\n"
        "Write it down,Ward,,#ff8fa3,Ben,\n"
        "On its own,,,violet,,\n"
        ",,,,,\n"
    )
    found = read("Ideas.csv", table.encode())
    assert found.kept == {"area": 2, "note": 3}
    assert found.content.title == "Ideas"
    notes = {one.text.split("\n")[0]: one for one in found.content.objects if one.kind == "note"}
    once = notes["Ring once"]
    assert (once.tags, once.colour, once.text) == (
        ("Ana", "cheap", "quick"), "butter", "Ring once\nhttps://example.org/1",
    )  # fmt: skip
    assert (notes["Write it down"].colour, notes["On its own"].colour) == ("rose", "lilac")
    assert notes["On its own"].parent is None
    board_ = Arrangement(found.content)
    pharmacy = board_.objects[once.parent or ""]
    assert pharmacy.text == "Pharmacy"
    boxes = [board_.box(one) for one in found.content.objects if one.kind == "area"]
    assert boxes[0][0] + boxes[0][2] + 24 == boxes[1][0]
    assert pharmacy.x < once.x
    assert once.y + once.h < pharmacy.y + pharmacy.h


def test_two_hundred_rows_do_not_lie_on_each_other() -> None:
    table = "text\n" + "\n".join(f"Row {at} {'with many words ' * (at % 40)}" for at in range(200))
    found = read("t.csv", table.encode())
    assert found.kept == {"note": 200}
    papers = [
        shape
        for group in draw(found.content).groups
        for shape in group.shapes
        if isinstance(shape, Rect) and shape.stroke is not None
    ]
    ordered = sorted(papers, key=lambda one: (one.x, one.y))
    for above, below in pairwise(ordered):
        assert above.x != below.x or above.y + above.h <= below.y


def test_the_mapping_is_the_senders_and_must_fit() -> None:
    table = b"Wer,Was\nAna,Anrufen\nBen,Aufschreiben\n"
    found = read("t.csv", table, {"text": "Was", "author": "Wer", "area": None})
    assert [one.text for one in found.content.objects] == ["Anrufen", "Aufschreiben"]
    assert preview("t.csv", table).columns == ("Wer", "Was")
    for mapping in ({"text": "Wo"}, {"texts": "Was"}, {"author": "Wer"}):
        with pytest.raises(BadMapping):
            read("t.csv", table, mapping)


def test_columns_without_a_name_or_with_the_same_one_are_told_apart() -> None:
    assert preview("t.csv", b"Idea,,Idea\na,b,c\n").columns == ("Idea", "Column 2", "Idea (2)")
    bare = preview("t.txt", b"Just one thought\nAnd another, with a comma\n")
    assert bare.total == 2


def test_a_mapping_can_be_remembered_by_the_header() -> None:
    same = [preview("t.csv", data).fingerprint for data in (b"Idea,Area\na,b\n", b" idea ;AREA\nx;y\n")]
    assert same[0] == same[1]
    assert preview("t.csv", b"Idea,Other\na,b\n").fingerprint != same[0]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+44 20",
        "-x",
        "@SUM(A1)",
        "\tx",
        "'=1",
        "''+",
        "'90s",
        "-5",
        "a=b",
        "",
        " =1",
        "\n=1",
        "＝1",
        "' @x",
    ],
)
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell: str) -> None:
    safe = guarded(cell)
    assert safe.strip()[:1] not in ("=", "+", "@", "＝")
    assert not safe.startswith("-") or safe == "-5"
    assert unguarded(safe) == cell


def test_our_table_has_the_columns_that_were_promised_and_says_what_is_locked() -> None:
    around = Surroundings(names=PEOPLE, locks={"n1": "content"})
    data = export(medicines(), "csv", around).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    promised = (
        "id, kind, text, area, cluster, tags, colour_name, x, y, width, height, z, status, author, "
        "created_at, updated_at, evidence_ids, strength, supports, challenges, votes:Support, locked, url, "
        "language"
    )
    assert list(rows[0])[:24] == promised.split(", ")
    by_id = {row["id"]: row for row in rows}
    assert len(by_id) == len(medicines().objects)
    assert (by_id["n1"]["locked"], by_id["n1"]["author"], by_id["n1"]["votes:Support"]) == (
        "content", "Amara Obi", "5"
    )  # fmt: skip
    assert (by_id["n8"]["supports"], by_id["n10"]["challenges"]) == ("n13", "e1")
    assert (by_id["w3"]["from"], by_id["w3"]["to"], by_id["w3"]["relation"]) == ("n8", "n13", "supports")
    assert (by_id["m1"]["cluster"], by_id["m1"]["area"]) == (
        "Start from what people already have", "Before the round"
    )  # fmt: skip


def test_areas_of_our_own_table_may_have_the_same_name_or_none() -> None:
    content = board(
        area("a1", "Ward", 0, 0), area("a2", "Ward", 500, 0), area("a3", "", 1000, 0),
        area("a4", "A\nB", 1500, 0),
        note("n1", "one", 20, 60, parent="a1"), note("n2", "two", 520, 60, parent="a2"),
        note("n3", "three", 1020, 60, parent="a3"), note("n4", "four", 1520, 60, parent="a4"),
        note("n5", "five", 5000, 0),
    )  # fmt: skip
    found = read("b.csv", export(content, "csv").content).content
    parents = {one.id: one.parent for one in found.objects}
    assert parents == {one.id: one.parent for one in content.objects}


def test_our_own_table_comes_back_with_its_areas_links_and_formulas_made_harmless() -> None:
    content = board(
        area("a1", "Ward", 0, 0),
        note("n1", '=HYPERLINK("http://evil.example")', 20, 60, parent="a1", tags=("x",), colour="sky"),
        note("n2", "Two\nlines; and, more", 20, 300, parent="a1"),
        wire("w1", "n1", "n2", relation="supports", text="because"),
    )
    data = export(content, "csv").content
    assert b"'=HYPERLINK" in data
    found = {one.id: one for one in read("b.csv", data).content.objects}
    for one in content.objects:
        back = found[one.id]
        assert (back.kind, back.text, back.parent, back.tags, back.relation) == (
            one.kind, one.text, one.parent, one.tags, one.relation,
        )  # fmt: skip
        if one.kind == "note":
            assert (back.colour, back.x, back.y) == (one.colour, one.x, one.y)


# What is refused, and how.


def zipped(*parts: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in parts:
            bundle.writestr(name, data)
    return out.getvalue()


HOSTILE: dict[str, tuple[str, Any, type[Exception]]] = {
    "nothing": ("b.json", lambda: b"", FileDamaged),
    "a hundred megabytes": ("b.json", lambda: b" " * (101 << 20), FileTooBig),
    "more than a text may have": ("b.json", lambda: b"[" + b" " * (21 << 20) + b"]", FileTooBig),
    "cut off": ("b.json", lambda: b'{"format": "live-lab/board", "obj', FileDamaged),
    "another encoding": ("b.canvas", lambda: '{"nodes": [{"id": "é"}]}'.encode("utf-16"), FileDamaged),
    "no number": ("b.json", lambda: b'{"format": "live-lab/board", "version": NaN}', FileDamaged),
    "a program": ("b.csv", lambda: b"MZ" + bytes(range(32)) * 40, FileNotKnown),
    "too many words": (
        "b.json",
        lambda: said({"format": "live-lab/board", "version": 1, "objects": [
            {"id": f"n{at}", "kind": "note", "text": "word " * 400} for at in range(13_500)
        ]}),
        FileTooMuch,
    ),
    "a number without end": ("b.canvas", lambda: b'{"nodes": [' + b"9" * 5_000 + b"]}", FileDamaged),
    "lists in lists": ("b.json", lambda: b"[" * 1_000_000 + b"]" * 1_000_000, FileDamaged),
    "a list of nothing": ("b.json", lambda: b"[]", FileNotKnown),
    "somebody's settings": ("b.json", lambda: b'{"type": "settings"}', FileNotKnown),
    "too many nodes": (
        "b.canvas", lambda: said({"nodes": [{"id": str(at)} for at in range(MOST_OBJECTS + 1)]}), FileTooMuch,
    ),
    "a million elements": (
        "b.excalidraw",
        lambda: b'{"type":"excalidraw","elements":[' + b'{"type":"line"},' * 999_999 + b'{"type":"line"}]}',
        FileTooMuch,
    ),
    "a million rows": ("t.csv", lambda: b"text\n" + b"a\n" * 1_000_000, FileTooMuch),
    "a node without an id": ("b.canvas", lambda: b'{"nodes": [{"type": "text"}]}', FileDamaged),
    "nodes that are none": ("b.canvas", lambda: b'{"nodes": 5}', FileDamaged),
    "a zip without a canvas": ("b.zip", lambda: zipped(("readme.txt", b"hello")), FileNotKnown),
    "a zip that is none": ("b.zip", lambda: b"PK\x03\x04" + b"\x00" * 40, FileDamaged),
    "a zip bomb": ("b.zip", lambda: zipped(("board.canvas", b" " * (120 << 20))), FileTooBig),
    "a bomb of pictures": (
        "b.zip",
        lambda: zipped(
            ("board.canvas", said({"nodes": [
                {"id": str(at), "type": "file", "file": f"files/{at}.png", "width": 9, "height": 9}
                for at in range(30)
            ]})),
            *((f"files/{at}.png", b"\x00" * (14 << 20)) for at in range(30)),
        ),
        FileTooBig,
    ),
    "thousands of files": (
        "b.zip", lambda: zipped(*((f"{at}.txt", b"") for at in range(2_500))), FileTooMuch,
    ),
    "a scene bomb": (
        "s.svg",
        lambda: b"<svg><!-- payload-type:application/vnd.excalidraw+json --><!-- payload-start -->"
        + base64.b64encode(said({"compressed": True,
                                 "encoded": zlib.compress(b" " * (70 << 20), 9).decode("latin-1")}))
        + b"<!-- payload-end --></svg>",
        FileTooBig,
    ),
    "a photograph": ("p.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\x00" * 100, FileNotKnown),
    "hundreds of columns": ("t.csv", lambda: b"a," * 500 + b"\n", FileDamaged),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words_and_soon(name: str) -> None:
    called, make, error = HOSTILE[name]
    data = make()
    began = time.process_time()
    with pytest.raises(error) as caught:
        read(called, data)
    assert time.process_time() - began < 5
    assert len(str(caught.value)) > 20


def test_a_hundred_megabytes_are_not_even_looked_at() -> None:
    data = b"{" + b" " * (101 << 20)
    began = time.process_time()
    with pytest.raises(FileTooBig):
        read("b.json", data)
    assert time.process_time() - began < 0.1


def test_wild_geometry_is_brought_into_bounds_and_told() -> None:
    found = canvas(
        {"type": "text", "text": "far", "x": 1e300, "y": -1e18, "width": -5, "height": 1e9},
        {"type": "text", "text": "odd", "x": "left", "y": None, "width": True},
    )
    far, odd = found.content.objects
    assert (far.x, far.y, far.w, far.h) == (1_000_000, -1_000_000, 200, 100_000)
    assert (odd.x, odd.y, odd.w) == (0, 0, 200)
    assert sum(one.count for one in found.left_out if "bounds" in one.why) >= 4


def test_two_nodes_with_one_id_are_both_kept() -> None:
    found = canvas({"id": "a", "type": "text", "text": "One"}, {"id": "a", "type": "text", "text": "Two"})
    assert {one.text for one in found.content.objects} == {"One", "Two"}
    assert found.left_out == (LeftOut("note", "Another object had the same id; both were kept.", 1),)


def test_a_text_that_is_too_long_goes_on_below() -> None:
    words = " ".join(f"word{at}" for at in range(900))
    found = canvas({"type": "text", "text": words})
    assert len(found.content.objects) > 3
    assert " ".join(one.text for one in found.content.objects) == words
    assert all(len(one.text) <= 2_000 for one in found.content.objects)


def test_no_id_of_a_file_gets_past_what_a_document_takes() -> None:
    found = canvas(
        {"id": "../../etc", "type": "text", "text": "a"}, {"id": "x" * 500, "type": "text", "text": "b"},
        {"id": "a/made", "type": "text", "text": "c"},
    )  # fmt: skip
    for one in found.content.objects:
        assert one.id.isalnum()
        assert len(one.id) == 12


def test_pictures_are_named_anew_once_they_are_taken_in() -> None:
    content = BoardContent(
        objects=(BoardObject(id="i1", kind="image", picture=Picture(file="01P", width=1, height=1)),)
    )
    imported = Imported(content, {"image": 1}, ())
    kept = Picture(file="01NEW", width=30, height=20)
    assert with_pictures(imported, {"01P": kept}).content.objects[0].picture == kept
    lost = with_pictures(imported, {})
    assert lost.content.objects[0].picture is None
    assert lost.left_out[0].what == "image"


@pytest.mark.parametrize(
    ("said_as", "meant"),
    [("1", "rose"), ("#FBE59A", "butter"), ("light_yellow", "butter"), ("Dark Blue", "sky"),
     ("#000", "chalk"), ("#22c55e", "mint"), ("rgb(1,2,3)", "chalk"), (None, "chalk"), ("#a855f7", "lilac"),
     ("#fb923c", "apricot")],
)  # fmt: skip
def test_colours_of_other_tools_are_the_nearest_paper(said_as: Any, meant: str) -> None:
    assert colour(said_as) == meant


def test_evidence_is_written_out_where_the_format_has_no_cards() -> None:
    content = board(BoardObject(id="e1", kind="evidence", evidence="01CARD"))
    around = Surroundings(cards={"01CARD": Card("E1", "Half are late", "Audit")})
    for format in ("canvas", "excalidraw"):
        assert b"Half are late" in export(content, format, around).content


def test_the_page_about_formats_names_every_one_every_code_and_every_column() -> None:
    page = (Path(__file__).parents[2] / "docs" / "boards-formats.md").read_text()
    for format in ("json", "canvas", "canvas.zip", "excalidraw", "csv", *DRAWN):
        assert f"`export.{format}`" in page
    for error in get_args(BadFile):
        assert f"`{error.code}`" in page
    assert ", ".join(COLUMNS) in " ".join(page.split())
    for field in ("text", "area", "tags", "colour", "x", "y", "author", "link"):
        assert f"`{field}`" in page
