"""What is brought to a board by the clipboard: tables, lists, images, what was copied from another board."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIRequestContext, Locator, Page, expect

from bench.server import Server

from .board_steps import (
    SLOW,
    Thing,
    address,
    area,
    board,
    furnish,
    kept,
    new_board,
    note,
    on_board,
    opens_board,
    outline,
    picture,
    texts,
    thing,
)  # fmt: skip
from .steps import invitation, join, new_challenge, saved

ROWS = 200
CELLS = [(f"Idea {number:03}", f"ward {number % 7}", f"{number} beds") for number in range(ROWS)]
# What a spreadsheet lays on the clipboard: cells with tabs between them, and a table that looks like its own.
SHEET = {
    "text/plain": "\n".join("\t".join(row) for row in CELLS),
    "text/html": "<meta charset=utf-8><table cellspacing=0><colgroup><col width=87></colgroup>"
    + "".join(f"<tr>{''.join(f'<td align=right>{cell}</td>' for cell in row)}</tr>" for row in CELLS)
    + "</table>",
}
COPIES = """async ({ texts, png }) => {
    const flavours = Object.entries(texts).map(([type, text]) => [type, new Blob([text], { type })]);
    if (png) flavours.push(['image/png', new Blob([Uint8Array.from(png)], { type: 'image/png' })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(flavours))]);
}"""
# A paste that this browser would not make of itself: too large for its own clipboard to be waited for.
PASTES = """([kind, length]) => {
    const data = new DataTransfer();
    data.setData(kind, 'x'.repeat(length));
    const at = document.querySelector('[role=listbox]');
    at.focus();
    at.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


class Table:
    """A board, and somebody who brings things to it."""

    def __init__(self, lab: Server, token: str, api: APIRequestContext, page: Page) -> None:
        self.lab, self.token, self.page = lab, token, page
        self.challenge = new_challenge(api, "Leaving with medicines")
        self.board = new_board(api, self.challenge, "Ideas")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        join(page, invitation(api, self.challenge)["url"], "Kit")
        opens_board(page, address(self.challenge, self.board))

    def copies(self, text: str = "", png: bytes | None = None, **texts: str) -> None:
        """Somewhere else."""
        flavours = texts or ({"text/plain": text} if text else {})
        self.page.evaluate(COPIES, {"texts": flavours, "png": list(png) if png else None})

    def pastes(self) -> None:
        board(self.page).focus()
        self.page.keyboard.press("Control+v")

    def lines(self) -> Locator:
        """Every object: the outline has them all, near and far."""
        return outline(self.page).locator("button[data-item]")

    def me(self) -> str:
        return str(self.page.request.get("/api/me").json()["person"]["id"])

    def kept(self) -> dict[str, Thing]:
        expect(saved(self.page)).to_have_text("Saved", timeout=SLOW)
        return kept(self.lab, self.board, self.token)


@pytest.fixture
def table(lab: Server, token: str, api: APIRequestContext, someone) -> Table:
    return Table(lab, token, api, someone(reduced=True))


def test_two_hundred_rows_are_one_step(table: Table):
    page = table.page
    table.copies(**SHEET)
    table.pastes()
    dialog = page.get_by_role("dialog", name="Paste a table")
    expect(dialog.get_by_role("radio", name=re.compile(f"One note per row: {ROWS} notes"))).to_be_checked()
    dialog.get_by_role("button", name="Paste", exact=True).click()
    expect(table.lines()).to_have_count(ROWS, timeout=SLOW)
    rows = sorted("\n".join(row) for row in CELLS)
    assert texts(table.kept()) == rows

    page.keyboard.press("Control+z")
    expect(table.lines()).to_have_count(0, timeout=SLOW)
    assert texts(table.kept()) == []
    page.keyboard.press("Control+Shift+z")
    expect(table.lines()).to_have_count(ROWS, timeout=SLOW)
    assert texts(table.kept()) == rows


def test_a_list_is_a_note_for_each_line(table: Table):
    table.copies("- Ask the day before\n- Write the list\n\n3. Ring the ward")
    table.pastes()
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
    table.copies(png=picture(320, 200))
    table.pastes()
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


def test_from_one_board_and_person_to_another(table: Table, api: APIRequestContext, someone):
    """With their areas, words and connectors; and each says where it comes from."""
    kit, lou = table.page, Table(table.lab, table.token, api, someone(reduced=True))
    here = area("At the bedside", 0, 0)
    first = note("A time by\nthe bed", 20, 80, parent=here["id"], **{"tag/quick": True})
    second = note("Write the list", 300, 80, parent=here["id"])
    ends = {side: {"object": one["id"], "x": 0, "y": 0} for side, one in (("start", first), ("end", second))}
    wire = thing("connector", "saves a trip", relation="leads_to", **ends)
    furnish(table.lab, table.board, table.token, [here, first, second, wire])

    expect(on_board(kit, "Write the list")).to_be_visible(timeout=SLOW)
    on_board(kit, "At the bedside").focus()
    kit.keyboard.press("Space")
    kit.keyboard.press("Control+c")
    expect(kit.get_by_text(re.compile("copied"))).to_be_attached()
    lou.pastes()
    expect(on_board(lou.page, "Write the list")).to_be_visible(timeout=SLOW)

    there = lou.kept()
    origins = {each["origin"]["object"]: id for id, each in there.items()}
    assert origins.keys() == {each["id"] for each in (here, first, second, wire)}
    assert {each["origin"]["board"] for each in there.values()} == {table.board}
    copied = there[origins[first["id"]]]
    assert (copied["text"], copied["tag/quick"]) == ("A time by\nthe bed", True)
    assert copied["parent"] == origins[here["id"]]
    assert there[origins[wire["id"]]]["start"]["object"] == origins[first["id"]]
    assert there[origins[wire["id"]]]["end"]["object"] == origins[second["id"]]
    # What one takes from elsewhere one signs oneself.
    assert {each["made"]["by"] for each in there.values()} == {lou.me()}

    on_board(lou.page, "Write the list").focus()
    lou.page.keyboard.press("i")
    details = lou.page.get_by_role("dialog", name=re.compile("Write the list"))
    expect(details.get_by_text("another board")).to_be_visible()


def test_too_much_is_refused_in_words(table: Table):
    page = table.page
    refused = page.get_by_text("This is too much to paste at once")
    page.evaluate(PASTES, ["text/plain", 100 * 1024 * 1024])
    expect(refused).to_have_count(1, timeout=SLOW)
    page.evaluate(PASTES, ["text/html", 100 * 1024 * 1024])
    expect(refused).to_have_count(2, timeout=SLOW)
    table.copies("\n".join(f"line {number}" for number in range(5_000)))
    table.pastes()
    expect(page.get_by_text("This has 5,000 entries; at most 1,000 can be pasted at once.")).to_be_attached()
    expect(table.lines()).to_have_count(0)
    assert table.kept() == {}

    # A note takes what it can hold, and says so.
    table.copies("word " * 100_000)
    board(page).focus()
    page.keyboard.press("n")
    page.keyboard.press("Control+v")
    expect(page.get_by_text("No characters left.").first).to_be_attached(timeout=SLOW)
    page.keyboard.press("Escape")
    assert [len(text) for text in texts(table.kept())] == [2_000]

    # And the board goes on.
    table.copies("Ask the day before\nRing the ward")
    table.pastes()
    expect(on_board(page, "Ring the ward")).to_be_visible()
