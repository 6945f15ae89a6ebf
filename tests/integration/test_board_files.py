"""Boards as files over HTTP: taken out in every format, brought in as a new board, whole or not at all."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

from sqlmodel import select

from lab.boards.format_routes import MEDIA
from lab.boards.models import Board, Image
from tests.integration.test_board_images import picture
from tests.support.app import Browser
from tests.support.sitting import Group

CANVAS = {
    "nodes": [
        {
            "id": "g",
            "type": "group",
            "x": 0,
            "y": 0,
            "width": 500,
            "height": 500,
            "label": "Before the round",
        },
        {
            "id": "a",
            "type": "text",
            "x": 20,
            "y": 60,
            "width": 200,
            "height": 150,
            "text": "Ask first\n#quick",
        },
        {
            "id": "b",
            "type": "text",
            "x": 250,
            "y": 60,
            "width": 200,
            "height": 150,
            "text": "=1+1",
            "color": "5",
        },
        {"id": "i", "type": "file", "x": 900, "y": 0, "width": 90, "height": 60, "file": "files/ward.png"},
    ],
    "edges": [
        {"id": "e", "fromNode": "a", "toNode": "b", "fromEnd": "none", "toEnd": "arrow", "label": "supports"}
    ],
}


def bundle(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("board.canvas", json.dumps(CANVAS))
        for name, data in files.items():
            packed.writestr(f"files/{name}.png", data)
    return out.getvalue()


async def brought(
    group: Group, data: bytes, name: str, by: Browser | None = None, **fields: str
) -> dict[str, Any]:
    answer = await (by or group.pat).upload(f"{group.path}/import", data, name, **fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def exported(browser: Browser, board: str, format: str, query: str = "") -> bytes:
    answer = await browser.get(f"/api/boards/{board}/export.{format}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(MEDIA[format][0])
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.content


async def test_a_bundle_becomes_a_board_with_its_pictures_and_goes_out_as_it_came(group: Group) -> None:
    made = await brought(group, bundle(ward=picture()), "The ward.canvas.zip")
    assert made["board"]["title"] == "The ward"
    assert made["kept"] == {"area": 1, "note": 2, "image": 1, "connector": 1}
    assert made["left_out"] == []
    board = made["board"]["id"]

    whole = json.loads(await exported(group.obi, board, "json"))
    objects = {one["id"]: one for one in whole["objects"]}
    assert objects["a"]["parent"] == "g"
    assert objects["a"]["tags"] == ["quick"]
    assert objects["e"]["relation"] == "supports"
    assert "by" not in objects["a"], "nobody signs for others"
    file = objects["i"]["picture"]["file"]
    shown = await group.obi.get(f"/api/boards/{board}/images/{file}")
    assert shown.headers["content-type"] == "image/webp"
    assert (objects["i"]["picture"]["width"], objects["i"]["picture"]["height"]) == (900, 600)

    again = await brought(group, await exported(group.obi, board, "canvas.zip"), "again.zip", title="Again")
    assert again["board"]["title"] == "Again"
    assert again["kept"] == made["kept"]
    assert again["left_out"] == []
    copy = json.loads(await exported(group.pat, again["board"]["id"], "json"))
    assert [(one["id"], one.get("text"), one.get("parent")) for one in copy["objects"]] == [
        (one["id"], one.get("text"), one.get("parent")) for one in whole["objects"]
    ]


async def test_every_format_is_written_of_a_board_and_of_one_area(group: Group) -> None:
    made = await brought(group, bundle(ward=picture()), "w.zip", title="Wärd / 7: “round”")
    board = made["board"]["id"]
    for format in MEDIA:
        path = f"/api/boards/{board}/export.{format}"
        whole = await exported(group.obi, board, format)
        part = await exported(group.obi, board, format, "?area=g&theme=dark")
        assert part != whole
        named = (await group.obi.get(path)).headers["content-disposition"]
        assert f'filename="W_rd 7 _round_.{format}"' in named
        assert "filename*=UTF-8''W%C3%A4rd%207%20%E2%80%9Cround%E2%80%9D." in named
        if format not in ("svg", "png", "pdf"):
            back = await brought(group, whole, f"w.{format}")
            kept = {kind: back["kept"].get(kind) for kind in ("area", "note", "connector")}
            # Without its file, a picture in a canvas is a note that names it.
            assert kept == {"area": 1, "note": 3 if format == "canvas" else 2, "connector": 1}, format
        assert (await group.obi.get(f"{path}?area=a")).json()["code"] == "object_not_found"
        assert (await group.sue.get(path)).json()["code"] == "board_not_found"
    assert (await group.obi.get(f"/api/boards/{board}/export.exe")).status_code == 404


async def test_where_authors_are_hidden_no_file_names_anybody(group: Group) -> None:
    board = (await group.begin(group.pat, template="columns"))["id"]
    shown = await exported(group.fay, board, "json")
    assert group.pat.id.encode() in shown
    assert b"Pat" in await exported(group.fay, board, "csv")
    answer = await group.fay.patch(f"/api/boards/{board}", {"authors": "hidden"})
    assert answer.status_code == 200
    for format in MEDIA:
        content = await exported(group.fay, board, format)
        assert group.pat.id.encode() not in content, format
        if format not in ("png", "pdf"):  # in which it may stand for something else
            assert b"Pat" not in content, format


async def test_a_table_is_looked_at_first_and_read_as_mapped(group: Group) -> None:
    table = "Sticky;Where;Who;Colour\nCall first;Ward;Ann;yellow\nAsk the carer;Home;Ben;blue\n;;;\n".encode(
        "utf-16"
    )
    answer = await group.pat.upload(f"{group.path}/import/preview", table, "ideas.csv")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["columns"] == ["Sticky", "Where", "Who", "Colour"]
    assert told["rows"] == [["Call first", "Ward", "Ann", "yellow"], ["Ask the carer", "Home", "Ben", "blue"]]
    assert (told["total"], told["delimiter"]) == (2, ";")
    assert (told["mapping"]["text"], told["mapping"]["area"]) == ("Sticky", "Where")
    mapping = {**told["mapping"], "author": "Who"}
    made = await brought(group, table, "ideas.csv", mapping=json.dumps(mapping))
    assert made["kept"] == {"area": 2, "note": 2}
    whole = json.loads(await exported(group.pat, made["board"]["id"], "json"))
    areas = {one["id"]: one["text"] for one in whole["objects"] if one["kind"] == "area"}
    notes = {one["text"]: areas[one["parent"]] for one in whole["objects"] if one["kind"] == "note"}
    assert notes == {"Call first": "Ward", "Ask the carer": "Home"}


async def test_a_table_begins_with_a_byte_order_mark_unless_asked(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    assert (await exported(group.pat, board, "csv")).startswith(b"\xef\xbb\xbf")
    assert (await exported(group.pat, board, "csv", "?bom=false")).startswith(b"id,")


async def test_what_cannot_be_brought_in_is_told_and_leaves_nothing_behind(group: Group) -> None:
    hostile = [
        ("x.json", b"{", "board_file_unreadable"),
        ("x.json", b'{"format": "live-lab/board", "version": 2, "objects": []}', "board_file_too_new"),
        ("x.bin", b"\xff\xd8\xff nothing of ours", "board_file_not_known"),
        ("x.zip", b"PK\x03\x04 damaged", "board_file_unreadable"),
        ("x.csv", b"", "board_file_unreadable"),
        ("x.canvas", b'{"nodes": [' + b"[" * 100_000, "board_file_unreadable"),
        ("x.csv", b"text\n" + b"a\n" * 20_001, "board_file_too_many"),
        ("x.json", b'{"' + b" " * (21 << 20), "board_file_too_big"),
    ]
    for name, content, code in hostile:
        answer = await group.pat.upload(f"{group.path}/import", content, name)
        assert answer.json()["code"] == code, answer.text
        assert answer.status_code == (413 if code == "board_file_too_big" else 422)
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await group.pat.get(group.path)).json()["items"] == []


async def test_who_may_not_begin_a_board_brings_none_in(group: Group) -> None:
    for path in (f"{group.path}/import", f"{group.path}/import/preview"):
        assert (await group.obi.upload(path, b"text\na\n", "a.csv")).json()["code"] == "cannot_edit"
        assert (await group.sue.upload(path, b"text\na\n", "a.csv")).status_code == 404
        assert (await group.pat.post(path, {})).json()["code"] == "wrong_content_type"
    path = f"{group.path}/import"
    assert (await group.pat.upload(path, b"text\na\n", "a.csv", title="x" * 121)).json()["code"] == "invalid"
    for mapping in ("{", '{"text": 1}', '["text"]'):
        answer = await group.pat.upload(path, b"text\na\n", "a.csv", mapping=mapping)
        assert answer.json()["code"] == "invalid"
    answer = await group.pat.upload(path, b"text\na\n", "a.csv", mapping='{"text": "nope"}')
    assert answer.status_code == 422


async def test_pictures_that_do_not_fit_or_are_none_are_told_and_the_rest_comes_in(group: Group) -> None:
    pictures = group.lab.app.state.pictures
    canvas = {
        "nodes": [
            {"id": name, "type": "file", "x": 0, "y": 0, "width": 9, "height": 6, "file": f"files/{name}.png"}
            for name in ("one", "same", "two", "bad")
        ]
    }
    out, one = BytesIO(), picture()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("board.canvas", json.dumps(canvas))
        for name, data in (("one", one), ("same", one), ("two", picture(40)), ("bad", b"<svg/>")):
            packed.writestr(f"files/{name}.png", data)
    pictures.most = 450_000
    made = await brought(group, out.getvalue(), "p.zip")
    assert made["kept"] == {"image": 4}
    assert sum(one["count"] for one in made["left_out"]) == 2
    async with group.lab.people.database.reading() as session:
        kept = list(await session.exec(select(Image).where(Image.board_id == made["board"]["id"])))
        assert len(kept) == 1
        assert len(list(await session.exec(select(Board)))) == 1
    whole = json.loads(await exported(group.pat, made["board"]["id"], "json"))
    files = {one["id"]: (one.get("picture") or {}).get("file") for one in whole["objects"]}
    assert files["one"] == files["same"] == kept[0].id
    assert files["two"] is None
    assert files["bad"] is None
