"""What is wrong or meant ill: said in words to whoever brings it, unseen by all others; the page goes on."""

from __future__ import annotations

import json
import math
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, FilePayload, Page, expect
from pycrdt import Text

from bench.server import Server

from .board_steps import (
    AT,
    SLOW,
    Guest,
    address,
    area,
    as_guest,
    board,
    furnish,
    kept,
    middle,
    new_board,
    note,
    on_board,
    opens_board,
    texts,
)  # fmt: skip
from .steps import invitation, items, join, new_challenge, saved

MANY = 1_000_000
SPILLED = re.compile("undefined|NaN|null|Traceback|Exception|Internal|Error:|went wrong")


class Room:
    """A board with two people on it: one to whom things happen, one who only looks."""

    def __init__(self, lab: Server, token: str, api: APIRequestContext, someone: Any) -> None:
        self.lab, self.token, self.api = lab, token, api
        self.challenge = new_challenge(api, "Leaving with medicines", open_to_lab=True)
        self.board = new_board(api, self.challenge, "Ideas")
        here = area("At the bedside", 0, 0)
        self.first = note("A time by the bed", 20, 80, parent=here["id"])
        second = note("Write the list", 240, 80, parent=here["id"])
        furnish(lab, self.board, token, [here, self.first, second])
        link = invitation(api, self.challenge)["url"]
        self.kit, self.lou = (self.comes(someone(reduced=True), link, name) for name in ("Kit", "Lou"))

    def comes(self, page: Page, link: str, name: str) -> Page:
        join(page, link, name)
        opens_board(page, address(self.challenge, self.board))
        expect(on_board(page, "Write the list")).to_be_visible()
        return page

    def kept(self) -> dict[str, Any]:
        return kept(self.lab, self.board, self.token)

    def goes_on(self, *, notes: int = 3) -> None:
        """One writes, and the other sees it."""
        kit = self.kit
        board(kit).focus()
        kit.keyboard.press("n")
        kit.keyboard.type("And still it works")
        kit.keyboard.press("Escape")
        expect(saved(kit)).to_have_text("Saved", timeout=SLOW)
        expect(on_board(self.lou, "And still it works")).to_be_visible(timeout=SLOW)
        assert len(texts(self.kept())) == notes


@pytest.fixture
def room(lab: Server, token: str, api: APIRequestContext, someone) -> Room:
    return Room(lab, token, api, someone)


# What everybody sees of a board: each thing, its words, where it lies on the screen.
SEEN = """() => [...document.querySelectorAll('[role=option]')].map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect();
    return [each.dataset.id, each.textContent, x, y, width, height].join(' ');
}).sort()"""


def of_objects(change: Any) -> Any:
    """A change to what the board holds, made by a program that asks nobody."""

    def make(guest: Guest, room: Room) -> None:
        for key, value in change(room.first["id"]).items():
            guest.objects[key] = value

    return make


def made(id: str, place: Any, **facets: Any) -> dict[str, Any]:
    return {
        f"{id}/made": {"kind": "note", "by": None, "at": AT},
        f"{id}/place": place,
        **{f"{id}/{facet}": value for facet, value in facets.items()},
    }


ILL = {
    "nowhere": lambda id: {f"{id}/place": {"x": math.nan, "y": 0.0}},
    "without end": lambda id: {f"{id}/place": {"x": math.inf, "y": -math.inf}},
    "too far": lambda id: {f"{id}/place": {"x": 1e300, "y": 0.0}},
    "words for numbers": lambda id: {f"{id}/place": {"x": "12", "y": "<b>"}},
    "no place": lambda id: {f"{id}/place": None},
    "negative": lambda id: {f"{id}/size": {"w": -200.0, "h": 150.0}},
    "nothing wide": lambda id: {f"{id}/size": {"w": 0.0, "h": 150.0}},
    "not a size": lambda id: {f"{id}/size": {"w": math.nan, "h": math.nan}},
    "huge": lambda id: {f"{id}/size": {"w": 1e9, "h": 1e9}},
    "a new one nowhere": lambda _: made("hostile00001", {"x": math.nan, "y": math.nan}),
    "a new one, huge": lambda _: made("hostile00002", {"x": 0.0, "y": 0.0}, size={"w": 1e300, "h": 1.0}),
    "an end nowhere": lambda id: {f"{id}/start": {"object": None, "x": math.nan, "y": 0.0}},
    "no such colour": lambda id: {f"{id}/style": {"colour": "url(https://example.org)"}},
    "a script for a link": lambda id: {f"{id}/source": {"url": "javascript:1", "title": "", "site": ""}},
    "somebody else's name": lambda id: {f"{id}/gone": {"by": "somebody", "at": AT}},
    "a long text": lambda id: {f"{id}/text": Text("x" * 100_000)},
    "an unknown facet": lambda id: {f"{id}/onclick": "alert(1)"},
}


def test_what_another_client_writes(room: Room):
    """It is told why not; nobody else sees anything of it."""
    before, seen = room.kept(), [page.evaluate(SEEN) for page in (room.kit, room.lou)]
    for name, change in ILL.items():

        async def tries(guest: Guest, change: Any = change) -> dict[str, Any]:
            return await guest.refused(lambda: of_objects(change)(guest, room))

        told = as_guest(room.lab, room.board, room.token, tries)
        assert told["reason"], name
        assert re.fullmatch(r"[A-Z].{12,200}\.", told["message"]), (name, told)
        assert not SPILLED.search(told["message"]), (name, told)
    assert room.kept() == before
    assert [page.evaluate(SEEN) for page in (room.kit, room.lou)] == seen
    room.goes_on()


def test_what_lies_at_the_end_of_the_world(room: Room):
    """As far and as large as may be: where one looks stays where it is, and everything can be reached."""
    kit = room.kit
    at, shown = middle(on_board(kit, "Write the list")), "The end of the world"
    far = {
        **made("farthest0001", {"x": 1e6, "y": -1e6}, text=Text(shown)),
        **made("farthest0002", {"x": -1e6, "y": 1e6}, text=Text("<img src=x onerror=hacked=1>")),
        "farthest0003/made": {"kind": "area", "by": None, "at": AT},
        "farthest0003/place": {"x": 2_000.0, "y": 2_000.0},
        "farthest0003/size": {"w": 1e5, "h": 1e5},
    }

    async def makes(guest: Guest) -> None:
        await guest.done(lambda: of_objects(lambda _: far)(guest, room))

    as_guest(room.lab, room.board, room.token, makes)
    line = kit.get_by_role("region", name="Outline", exact=True).get_by_role("button", name=shown)
    expect(line).to_be_attached(timeout=SLOW)
    assert middle(on_board(kit, "Write the list")) == pytest.approx(at, abs=1)
    board(kit).focus()
    kit.keyboard.press("1")
    line.click()
    expect(on_board(kit, shown)).to_be_in_viewport(timeout=SLOW)
    assert kit.evaluate("window.hacked") is None
    on_board(kit, "Write the list").focus()
    expect(on_board(kit, "Write the list")).to_be_in_viewport(timeout=SLOW)
    on_board(room.lou, "Write the list").focus()
    room.goes_on(notes=5)


HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
DRAWINGS = {
    "script.svg": HEAD + 'width="300" height="200" onload="hacked = 1"><script>hacked = 1</script></svg>',
    "entity.svg": '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY it SYSTEM "file:///etc/hostname">]>'
    + HEAD
    + 'width="300" height="200"><text y="20">&it;</text></svg>',
    "foreign.svg": HEAD + 'width="300" height="200"><foreignObject width="300" height="200"><body xmlns='
    '"http://www.w3.org/1999/xhtml"><img src="x" onerror="hacked = 1"/></body></foreignObject></svg>',
    "outside.svg": HEAD + '><image xlink:href="http://127.0.0.1:9/outside.png" width="9" height="9"/></svg>',
    # Called something else, it is not another thing.
    "photograph.png": "<!-- " + "x" * 600 + " -->" + HEAD + 'onload="hacked = 1"></svg>',
}


def test_drawings_that_carry_programs(room: Room):
    """None is kept, nothing of them runs, nothing of them asks elsewhere."""
    page, before = room.kit, room.kept()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name, content in DRAWINGS.items():
        media = "image/png" if name.endswith("png") else "image/svg+xml"
        page.get_by_role("button", name="Add something else").click()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("menuitem", name="Image…").click()
        chooser.value.set_files({"name": name, "mimeType": media, "buffer": content.encode()})
        told = page.get_by_role("alert").get_by_text(re.compile("SVG|picture that can be read"))
        expect(told, name).to_be_visible(timeout=SLOW)
        page.get_by_role("button", name="Dismiss").click()
        expect(told).to_have_count(0)
    assert page.evaluate("window.hacked") is None
    assert not [url for url in asked if "outside.png" in url or url.startswith("file:")]
    for each in (room.kit, room.lou):
        expect(board(each).locator("img")).to_have_count(0)
    assert room.kept() == before
    room.goes_on()


def zipped(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def cut(**board: Any) -> bytes:
    return json.dumps(board).encode()[:-9]


# Name of the file -> what is in it, and what is said.
FILES: dict[str, tuple[bytes, str]] = {
    "cut.json": (cut(format="live-lab/board", version=1, objects=[{"id": "a"}]), "not|cannot"),
    "later.json": (b'{"format": "live-lab/board", "version": 99, "objects": []}', "later|newer"),
    "other.json": (b'{"hello": ["world"]}', "Boards come as"),
    "cut.canvas": (cut(nodes=[{"id": "a", "type": "text", "text": "Ring"}]), "not|cannot"),
    "no-nodes.canvas": (b'{"nodes": 5}', "nodes"),
    "other.canvas": ("{'nodes': [é".encode("utf-16"), "UTF-8"),
    "cut.excalidraw": (cut(type="excalidraw", elements=[{"type": "text"}]), "not|cannot"),
    "bytes.excalidraw": (b"\x00\x01\x02not a drawing", "not|cannot"),
    "cut.canvas.zip": (b"PK\x03\x04" + b"\x00" * 40, "zip"),
    "other.zip": (zipped(**{"readme.txt": b"hello"}), "zip|canvas"),
    "program.csv": (b"MZ" + bytes(range(32)) * 40, "Boards come as|table"),
    "nothing.tsv": (b"", "no rows"),
    "columns.csv": (b"a," * 500 + b"\n", "columns"),
    "photograph.json": (b"\xff\xd8\xff\xe0" + b"\x00" * 100, "picture"),
    "many.canvas": (b'{"nodes":[' + b",".join([b'{"id":"a"}'] * MANY) + b"]}", "1,000,000 objects"),
    "many.excalidraw": (
        b'{"type":"excalidraw","elements":[' + b",".join([b'{"type":"line"}'] * MANY) + b"]}",
        "1,000,000",
    ),
    "many.csv": (b"text\n" + b"a\n" * MANY, "1,000,000|at most"),
}


def test_files_that_are_none(room: Room, tmp_path: Path):
    """Each says what is wrong with it; no board comes of any."""
    page = room.kit
    boards = f"/api/challenges/{room.challenge}/boards"
    page.goto(f"/challenges/{room.challenge}/boards")
    page.get_by_role("button", name="Bring in a file").click()
    dialog = page.get_by_role("dialog", name="Bring in a file")
    chooses = dialog.get_by_label("File", exact=True)
    for name, (content, says) in FILES.items():
        chooses.set_input_files(payload(name, content))
        if not name.endswith(("csv", "tsv")):
            # A table is looked at as soon as it is chosen.
            dialog.get_by_role("button", name="Bring it in").click()
        told = dialog.get_by_role("alert").filter(has_text=re.compile(r"\w"))
        expect(told, name).to_have_count(1, timeout=SLOW)
        words = told.inner_text()
        assert re.search(says, words), (name, words)
        assert re.fullmatch(r"[A-Z“].{15,300}\.", words), (name, words)
        assert not SPILLED.search(words), (name, words)

    large = tmp_path / "large.canvas.zip"
    with large.open("wb") as file:
        file.truncate((100 << 20) + 1)
    chooses.set_input_files(large)
    expect(dialog.get_by_role("alert").filter(has_text="larger than 100 MB")).to_be_visible()
    assert [each["title"] for each in items(room.api, boards)] == ["Ideas"]

    # What is only odd is taken as far as it goes.
    odd = b'{"nodes":[{"id":"a","type":"text","text":"Ring the ward","x":NaN,"y":-1e999,"width":-5}]}'
    chooses.set_input_files(payload("odd.canvas", odd))
    dialog.get_by_role("button", name="Bring it in").click()
    page.get_by_role("dialog", name="“odd” is here").get_by_role("button", name="Open the board").click()
    expect(on_board(page, "Ring the ward")).to_be_in_viewport(timeout=SLOW)
    page.goto(address(room.challenge, room.board))
    expect(on_board(page, "Write the list")).to_be_visible(timeout=SLOW)
    room.goes_on()


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
