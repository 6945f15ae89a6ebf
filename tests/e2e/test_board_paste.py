"""What is brought to a board from elsewhere: tables, lists, images, files; and what is refused, in words."""

from __future__ import annotations

import json
import re
import struct
import sys
import zlib
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from bench.server import Server

from .board_steps import SLOW, address, board, kept, new_board, on_board, opens_board, outline, texts
from .steps import invitation, join, new_challenge, saved

ROWS = 200
# What a spreadsheet lays on the clipboard: cells with tabs between them.
SHEET = "\n".join(f"Idea {number:03}\tward {number % 7}\t{number} beds" for number in range(ROWS))
# A paste that this browser would not make of itself: too large for its own clipboard to be waited for.
PASTE = """([kind, length]) => {
    const data = new DataTransfer();
    data.setData(kind, 'x'.repeat(length));
    const at = document.querySelector('[role=listbox]');
    at.focus();
    at.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""
HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
     width="300" height="200" onload="parent.hacked = 1; window.hacked = 1">
  <script>window.hacked = 1; parent.hacked = 1</script>
  <foreignObject width="300" height="200">
    <body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="hacked = 1"/></body>
  </foreignObject>
  <image xlink:href="http://127.0.0.1:9/outside.png" width="10" height="10"/>
  <rect width="300" height="200" fill="#7a9"/>
</svg>"""


class Table:
    def __init__(self, lab: Server, api: APIRequestContext, someone: Any) -> None:
        self.lab = lab
        self.token = lab.token("staff@example.org")
        self.challenge = new_challenge(api, "Leaving with medicines")
        self.board = new_board(api, self.challenge, "Ideas")
        self.page: Page = someone(reduced=True)
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        join(self.page, invitation(api, self.challenge)["url"], "Kit")
        opens_board(self.page, address(self.challenge, self.board))

    def pastes(self, text: str) -> None:
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        board(self.page).focus()
        self.page.keyboard.press("Control+v")

    def lines(self) -> Any:
        """Every note: the outline has them all, near and far."""
        return outline(self.page).locator("button[data-item]")

    def kept(self) -> dict[str, dict[str, Any]]:
        expect(saved(self.page)).to_have_text("Saved", timeout=SLOW)
        return kept(self.lab, self.board, self.token)


@pytest.fixture
def table(lab: Server, api: APIRequestContext, someone) -> Table:
    return Table(lab, api, someone)


def test_two_hundred_rows_are_one_step(table: Table, record_property):
    page = table.page
    table.pastes(SHEET)
    dialog = page.get_by_role("dialog", name="Paste a table")
    expect(dialog.get_by_role("radio", name=re.compile(f"One note per row: {ROWS} notes"))).to_be_checked()
    page.evaluate(
        """rows => {
            window.took = null;
            addEventListener('click', () => {
                const began = performance.now();
                (function look() {
                    const here = document.querySelectorAll('button[data-item]').length;
                    if (here < rows) requestAnimationFrame(look);
                    else window.took = performance.now() - began;
                })();
            }, { capture: true, once: true });
        }""",
        ROWS,
    )
    dialog.get_by_role("button", name="Paste", exact=True).click()
    expect(table.lines()).to_have_count(ROWS, timeout=SLOW)
    took = page.wait_for_function("window.took", timeout=SLOW).json_value()
    record_property("milliseconds_for_200_rows", round(took))
    sys.stdout.write(f"{ROWS} rows were {ROWS} notes on board and outline after {took:.0f} ms\n")
    assert texts(table.kept()) == sorted(row.replace("\t", "\n") for row in SHEET.split("\n"))

    page.keyboard.press("Control+z")
    expect(table.lines()).to_have_count(0, timeout=SLOW)
    assert texts(table.kept()) == []
    page.keyboard.press("Control+Shift+z")
    expect(table.lines()).to_have_count(ROWS, timeout=SLOW)


def test_a_list_is_a_note_for_each_line(table: Table):
    table.pastes("- Ask the day before\n- Write the list\n\n3. Ring the ward")
    for words in ("Ask the day before", "Write the list", "Ring the ward"):
        expect(on_board(table.page, words)).to_be_visible()
    assert texts(table.kept()) == ["Ask the day before", "Ring the ward", "Write the list"]
    table.page.keyboard.press("Control+z")
    expect(table.lines()).to_have_count(0, timeout=SLOW)

    # Into a note that is open it is text.
    board(table.page).focus()
    table.page.keyboard.press("n")
    table.page.keyboard.press("Control+v")
    table.page.keyboard.press("Escape")
    expect(table.lines()).to_have_count(1)
    assert len(texts(table.kept())) == 1


def test_an_image_and_what_it_shows(table: Table):
    page = table.page
    chooses(page, {"name": "bag.png", "mimeType": "image/png", "buffer": picture(320, 200)})
    bar = page.get_by_role("form", name="Describe the image")
    expect(bar).to_be_visible(timeout=SLOW)
    expect(board(page).get_by_role("option", name=re.compile("without a description"))).to_be_visible()
    bar.get_by_role("textbox").fill("A medicines bag on a bed")
    bar.get_by_role("button", name="Save").click()
    expect(bar).to_have_count(0)
    image = board(page).get_by_role("img", name="A medicines bag on a bed")
    expect(image).to_be_visible()
    page.wait_for_function(
        "() => [...document.querySelectorAll('[role=option] img')].every((each) => each.naturalWidth)"
    )
    (only,) = table.kept().values()
    assert only["alt"] == "A medicines bag on a bed"
    assert (only["picture"]["width"], only["picture"]["height"]) == (320, 200)
    assert page.evaluate("document.activeElement !== document.body")


def test_a_drawing_that_carries_a_programme(table: Table):
    """Kept as pixels or refused: nothing of it runs, and nothing of it asks elsewhere."""
    page = table.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    chooses(page, {"name": "hostile.svg", "mimeType": "image/svg+xml", "buffer": HOSTILE.encode()})
    refused = (
        page.get_by_role("alertdialog")
        .or_(page.locator("[role=alert]"))
        .filter(has_text=re.compile("SVG|drawing|image"))
    )
    added = board(page).locator("img")
    expect(added.or_(refused).first).to_be_visible(timeout=SLOW)
    assert page.evaluate("window.hacked") is None
    assert not [url for url in asked if "outside.png" in url]
    for url in {url for url in asked if "/images/" in url}:
        answer = page.request.get(url)
        assert "svg" not in answer.headers["content-type"]
        assert b"<script" not in answer.body()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.json", b'{"format": "live-lab-board", "objects": [{'),
        ("other.json", json.dumps({"hello": ["world"]}).encode()),
        ("broken.excalidraw", b"\x00\x01\x02not a drawing"),
        ("broken.canvas.zip", b"PK\x03\x04 and then nothing"),
    ],
)
def test_a_file_that_is_none(table: Table, name: str, content: bytes):
    page = table.page
    page.goto(f"/challenges/{table.challenge}/boards")
    page.get_by_role("button", name="Bring in a file").click()
    dialog = page.get_by_role("dialog", name="Bring in a file")
    dialog.get_by_label("File", exact=True).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    dialog.get_by_role("button", name="Bring it in").click()
    told = dialog.get_by_role("alert").filter(has_text=re.compile(r"\w+ \w+"))
    expect(told).to_be_visible(timeout=SLOW)
    expect(told).not_to_contain_text(re.compile("undefined|Traceback|Internal|500|Error:"))
    expect(page.get_by_role("list", name="Boards", exact=True).get_by_role("listitem")).to_have_count(1)


def test_a_hundred_megabytes_are_refused_in_words(table: Table):
    page = table.page
    page.evaluate(PASTE, ["text/plain", 100 * 1024 * 1024])
    expect(page.get_by_text("This is too much to paste at once")).to_be_attached(timeout=SLOW)
    page.evaluate(PASTE, ["text/html", 10 * 1024 * 1024])
    expect(table.lines()).to_have_count(0)
    assert table.kept() == {}
    # And the board goes on.
    table.pastes("Write the list\nRing the ward")
    expect(on_board(page, "Ring the ward")).to_be_visible()


def chooses(page: Page, file: Any) -> None:
    page.get_by_role("button", name="Add something else").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Image…").click()
    chooser.value.set_files(file)


def picture(width: int, height: int) -> bytes:
    """A PNG, one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes([at % 256]) * width for at in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
