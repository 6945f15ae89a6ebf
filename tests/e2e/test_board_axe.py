"""Boards at three widths, light, dark and forced colours: no barrier a machine finds, no scrolling sideways."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Locator, Page, expect

from bench.server import Server

from .board_steps import (
    SLOW,
    address,
    area,
    board,
    furnish,
    new_board,
    note,
    on_board,
    outline,
    thing,
)  # fmt: skip
from .steps import done, new_challenge, sign_in
from .test_axe import COLOUR_RULES, RULES, RUN, SIDEWAYS, SIZES, opens

WORDS = "Write the list"
THEMES: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
LIGHT: dict[str, Any] = {"color_scheme": "light", "forced_colors": "none"}
# With one note chosen: keys, and what is there then.
QUESTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "move to": (("Shift+M",), "^Move "),
    "connect to": (("c", "c"), "^Connect "),
    "colour": (("k",), "^Colour of "),
    "tags": (("#",), "ags"),
    "sort into groups": (("b",), "^Sort into groups"),
    "lock": (("l",), "^Lock "),
    "react": (("r",), "^React"),
    "details": (("i",), "Write the list"),
    "link": (("Control+k",), "ink"),
    "shortcuts": (("?",), "^Keyboard shortcuts"),
    "download": (("Control+Shift+E",), "^Download"),
}
OF_BOARD = {
    "Versions…": "",
    "What the colours mean…": "^What the colours mean",
    "What was removed…": "",
    "Find notes that say the same…": "^Notes that say the same",
    "Board settings…": "",
    "Keep as a template…": "",
}


class Furnished:
    """A board with one of everything, a lock, rules and a comment."""

    def __init__(self, lab: Server, api: APIRequestContext) -> None:
        self.challenge = new_challenge(api, "Leaving with medicines")
        self.board = new_board(api, self.challenge, "Ideas")
        earlier = area("Before the round", 0, 0, prompt="What would have to be true by nine?")
        later = area("At the bedside", 720, 0)
        cluster = thing("cluster", "Start early", parent=earlier["id"])
        notes = [
            note(WORDS, 20, 100, parent=earlier["id"], **{"tag/quick": True, "reaction/👍/somebody": True}),
            note("Is it **ever** before nine?", 240, 100, parent=earlier["id"], style={"colour": "sky"}),
            note("Ask the day before", 20, 320, parent=cluster["id"], style={"colour": "mint"}),
            note("Ask the day before", 240, 320, parent=cluster["id"], style={"colour": "rose"}),
            note("A time by the bed", 740, 100, parent=later["id"], style={"colour": "lilac"}),
        ]
        first, second = notes[0]["id"], notes[4]["id"]
        ends = {"start": {"object": first, "x": 0, "y": 0}, "end": {"object": second, "x": 0, "y": 0}}
        source = {"url": "https://example.org/home", "title": "Leaving hospital", "site": "example.org"}
        link = thing("source", "Their list", 740, 300, size={"w": 240, "h": 120}, source=source)
        heading = thing("heading", "Medicines to take home", 0, -80, size={"w": 600, "h": 40})
        wire = thing("connector", "saves a trip", relation="supports", **ends)
        token = lab.token("staff@example.org")
        furnish(lab, self.board, token, [earlier, later, cluster, *notes, link, heading, wire])
        path = f"/api/boards/{self.board}"
        done(api.put(f"{path}/locks/{notes[1]['id']}", data={"level": "all", "who": "facilitators"}))
        said = {"anchor": {"object": first}, "text": "Which list?", "mentions": []}
        done(api.post(f"{path}/comments", data=said))
        done(api.post(f"{path}/versions", data={"name": "Before Tuesday"}))
        self.path = address(self.challenge, self.board)
        self.list = f"/challenges/{self.challenge}/boards"


@pytest.fixture(scope="module")
def furnished(lab: Server, api: APIRequestContext) -> Furnished:
    return Furnished(lab, api)


class Checks:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []

    def __call__(self, name: str) -> None:
        page = self.page
        page.evaluate("document.fonts.ready.then(() => null)")
        if sideways := page.evaluate(SIDEWAYS):
            self.faults.append(f"{name}: scrolls sideways, {sideways}")
        found = page.evaluate(RUN, {"type": "tag", "values": RULES})
        self.faults += [f"{name}: {fault}" for fault in found]
        for theme, media in THEMES.items():
            page.emulate_media(**media)
            found = page.evaluate(RUN, {"type": "rule", "values": COLOUR_RULES})
            self.faults += [f"{name}, {theme}: {fault}" for fault in found]
        page.emulate_media(**LIGHT)


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> Any:
    return SIZES[request.param]


Arrive = Callable[[], tuple[Page, Checks]]


@pytest.fixture
def arrive(axe: str, api: APIRequestContext, someone, size: Any) -> Arrive:
    def comes() -> tuple[Page, Checks]:
        page: Page = someone(reduced=True, script=axe)
        page.set_viewport_size(size)
        sign_in(page, api)
        return page, Checks(page)

    return comes


def shows_board(page: Page, path: str) -> None:
    page.goto(path)
    switch = page.get_by_role("group", name="Show").get_by_role("button", name="Board", exact=True)
    face = page.get_by_role("toolbar", name="Board tools").or_(switch).first
    expect(face).to_be_visible(timeout=SLOW)
    if switch.count():
        switch.click()
    expect(on_board(page, WORDS)).to_be_attached(timeout=SLOW)


def shows_outline(page: Page) -> None:
    switch = page.get_by_role("group", name="Show").get_by_role("button", name="Outline", exact=True)
    if switch.count():
        switch.click()
    else:
        page.get_by_role("button", name="Board menu").click()
        page.get_by_role("menuitemradio", name="Outline only").click()
    expect(board(page)).to_have_count(0)
    expect(outline(page)).to_be_visible(timeout=SLOW)


def chooses(page: Page) -> None:
    """One note, the way a keyboard does."""
    on_board(page, WORDS).focus()
    expect(on_board(page, WORDS)).to_have_attribute("aria-selected", "true")


def leaves(page: Page, dialog: Locator) -> None:
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_lists_and_faces(arrive: Arrive, furnished: Furnished):
    page, check = arrive()
    opens(page, furnished.list, "Boards")
    expect(page.get_by_role("link", name="Ideas", exact=True)).to_be_visible()
    check("list of boards")
    for press, title in (("New board", "New board"), ("Bring in a file", "Bring in a file")):
        page.get_by_role("button", name=press).first.click()
        dialog = page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        if title == "New board":
            expect(dialog.get_by_role("radio").nth(3)).to_be_attached(timeout=SLOW)
        check(press)
        leaves(page, dialog)

    shows_board(page, furnished.path)
    check("board")
    chooses(page)
    expect(page.get_by_role("toolbar", name="Selected")).to_be_visible()
    check("board with a note chosen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Text of the note")).to_be_focused()
    check("board with a note being written")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+f")
    expect(
        page.get_by_role("searchbox").or_(page.get_by_role("textbox", name=re.compile("Find")))
    ).to_be_focused()
    page.keyboard.type("list")
    check("find")
    page.keyboard.press("Escape")

    shows_outline(page)
    check("outline")
    for tab in ("Comments", "Activity"):
        page.get_by_role("tab", name=re.compile(f"^{tab}")).click()
        expect(page.get_by_role("tabpanel", name=re.compile(f"^{tab}"))).to_be_visible()
        check(tab)
    assert not check.faults, "\n".join(check.faults)


def test_questions(arrive: Arrive, furnished: Furnished):
    page, check = arrive()
    shows_board(page, furnished.path)
    for name, (keys, title) in QUESTIONS.items():
        chooses(page)
        for key in keys:
            page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name=re.compile(title))
        expect(dialog, name).to_be_visible(timeout=SLOW)
        check(name)
        leaves(page, dialog)

    chooses(page)
    page.keyboard.press(".")
    menu = page.get_by_role("menu", name="Actions")
    expect(menu).to_be_visible(timeout=SLOW)
    check("menu of a note")
    leaves(page, menu)

    on_board(page, "Before the round").focus()
    page.keyboard.press(".")
    page.get_by_role("menuitem", name="Who may do what in this area…").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Area "))
    expect(dialog).to_be_visible(timeout=SLOW)
    check("rules of an area")
    leaves(page, dialog)

    for item, title in OF_BOARD.items():
        page.get_by_role("button", name="Board menu").click()
        page.get_by_role("menuitem", name=item).click()
        dialog = page.get_by_role("dialog", name=re.compile(title))
        expect(dialog, item).to_be_visible(timeout=SLOW)
        check(item)
        leaves(page, dialog)
    assert not check.faults, "\n".join(check.faults)
