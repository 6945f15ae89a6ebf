"""Boards at three widths, light, dark and forced colours: no barrier a machine finds, nothing sideways."""

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
    picture,
    thing,
)  # fmt: skip
from .steps import done, new_challenge, sign_in
from .test_axe import COLOUR_RULES, RULES, RUN, SIDEWAYS, SIZES, opens

WORDS, AREA, IMAGE, LINK = "Write the list", "Before the round", "A bag on a bed", "example.org"
THEMES: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
LIGHT: dict[str, Any] = {"color_scheme": "light", "forced_colors": "none"}
# With one thing chosen: which, the keys, and what is there then.
QUESTIONS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "move to": (WORDS, ("Shift+M",), "^Move "),
    "connect to": (WORDS, ("c", "c"), "^Connect "),
    "colour": (WORDS, ("k",), "^Colour of "),
    "tags": (WORDS, ("#",), "^Tags of "),
    "sort into groups": (WORDS, ("b",), "^Sort into groups"),
    "lock": (WORDS, ("l",), "^Lock "),
    "unlock": ("Is it ever", ("Shift+L",), "^Unlock "),
    "react": (WORDS, ("r",), "^React"),
    "details": (WORDS, ("i",), WORDS),
    "link": (WORDS, ("Control+k",), "^Add a link"),
    "remove": (AREA, ("Delete",), "^Remove "),
    "shortcuts": (WORDS, ("?",), "^Keyboard shortcuts"),
    "download": (WORDS, ("Control+Shift+E",), "^Download"),
}
# Of these only the menu knows.
ACTIONS = {
    (AREA, "Who may do what in this area…"): "^Area ",
    (IMAGE, "Describe the image…"): "^Describe the image",
    (LINK, "Change the link…"): "^Change the link",
}
OF_BOARD = {
    "Versions…": "^Versions",
    "What the colours mean…": "^What the colours mean",
    "What was removed…": "^Removed from this board",
    "Find notes that say the same…": "^Notes that say the same",
    "Board settings…": "^Board settings",
    "Keep as a template…": "^Keep as a template",
}
TABLE = """() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'Ring the ward\\tward 7\\nWrite the list\\tward 9');
    const at = document.querySelector('[role=listbox]');
    at.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


class Furnished:
    """A board with one of everything, a lock, a comment and a version."""

    def __init__(self, lab: Server, token: str, api: APIRequestContext) -> None:
        self.challenge = new_challenge(api, "Leaving with medicines")
        self.board = new_board(api, self.challenge, "Ideas")
        self.path = address(self.challenge, self.board)
        self.list = f"/challenges/{self.challenge}/boards"
        path = f"/api/boards/{self.board}"
        me = done(api.get("/api/me"))["person"]["id"]
        sent = {"file": {"name": "bag.png", "mimeType": "image/png", "buffer": picture(320, 200)}}
        bag = done(api.post(f"{path}/images", multipart=sent))  # type: ignore[arg-type]

        earlier = area(AREA, 0, 0, prompt="What would have to be true by nine?")
        later = area("At the bedside", 720, 0)
        cluster = thing("cluster", "Start early", parent=earlier["id"])
        given = {"tag/quick": True, f"reaction/👍/{me}": True, f"reaction/🎉/{me}": True}
        notes = [
            note(WORDS, 20, 100, parent=earlier["id"], **given),
            note("Is it **ever** before nine?", 240, 100, parent=earlier["id"], style={"colour": "sky"}),
            note("Ask the day before", 20, 320, parent=cluster["id"], style={"colour": "mint"}),
            note("Ask the day before", 240, 320, parent=cluster["id"], style={"colour": "rose"}),
            note("A time by the bed", 740, 100, parent=later["id"], style={"colour": "lilac"}),
            note("- early\n- before nine", 960, 100, parent=later["id"], style={"colour": "apricot"}),
            note("And *then*?", 1180, 100, parent=later["id"], style={"colour": "chalk"}),
        ]
        first, second = notes[0]["id"], notes[4]["id"]
        ends = {"start": {"object": first, "x": 0, "y": 0}, "end": {"object": second, "x": 0, "y": 0}}
        source = {"url": "https://example.org/home", "title": "Their list", "site": "example.org"}
        pixels = {"file": bag["id"], "width": bag["width"], "height": bag["height"]}
        others = [
            thing("source", "", 740, 320, size={"w": 240, "h": 120}, source=source),
            thing("image", "", 1000, 320, size={"w": 160, "h": 100}, picture=pixels, alt=IMAGE),
            thing("evidence", "", 740, 460, size={"w": 240, "h": 90}, evidence="01GONE"),
            thing("heading", "Medicines to take home", 0, -80, size={"w": 600, "h": 40}),
            thing("connector", "saves a trip", relation="supports", **ends),
        ]
        furnish(lab, self.board, token, [earlier, later, cluster, *notes, *others])
        done(api.put(f"{path}/locks/{notes[1]['id']}", data={"level": "all", "who": "facilitators"}))
        said = {"anchor": {"object": first}, "text": "Which list?", "mentions": []}
        done(api.post(f"{path}/comments", data=said))
        done(api.post(f"{path}/versions", data={"name": "Before Tuesday"}))


@pytest.fixture(scope="module")
def furnished(lab: Server, token: str, api: APIRequestContext) -> Furnished:
    return Furnished(lab, token, api)


class Checks:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []

    def __call__(self, name: str, within: Locator | None = None) -> None:
        """All of the page, or only what lies over it."""
        page = self.page
        page.evaluate("document.fonts.ready.then(() => null)")
        if sideways := page.evaluate(SIDEWAYS):
            self.faults.append(f"{name}: scrolls sideways, {sideways}")
        place = {"within": within.element_handle() if within else None}
        found = page.evaluate(RUN, {"type": "tag", "values": RULES, **place})
        self.faults += [f"{name}: {fault}" for fault in found]
        for theme, media in THEMES.items():
            page.emulate_media(**media)
            found = page.evaluate(RUN, {"type": "rule", "values": COLOUR_RULES, **place})
            self.faults += [f"{name}, {theme}: {fault}" for fault in found]
        page.emulate_media(**LIGHT)

    def over(self, name: str, what: Locator) -> None:
        """Something over the page: looked at, and left again."""
        expect(what, name).to_be_visible(timeout=SLOW)
        expect(what.locator("[aria-busy]"), name).to_have_count(0, timeout=SLOW)
        self(name, what)
        self.page.keyboard.press("Escape")
        expect(what, name).to_have_count(0)


Arrive = Callable[[], tuple[Page, Checks]]


@pytest.fixture(params=list(SIZES))
def arrive(axe: str, api: APIRequestContext, someone, request: pytest.FixtureRequest) -> Arrive:
    def comes() -> tuple[Page, Checks]:
        page: Page = someone(reduced=True, script=axe)
        page.set_viewport_size(SIZES[request.param])  # type: ignore[arg-type]
        sign_in(page, api)
        return page, Checks(page)

    return comes


def dialog(page: Page, title: str) -> Locator:
    name = re.compile(title)
    return page.get_by_role("dialog", name=name).or_(page.get_by_role("alertdialog", name=name))


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


def chooses(page: Page, words: str = WORDS) -> None:
    """One thing and no other, the way a keyboard does."""
    one = on_board(page, words)
    board(page).focus()
    page.keyboard.press("Escape")
    one.focus()
    # Where nothing else was selected, coming to it selects it, once the page has been drawn again.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))")
    if one.get_attribute("aria-selected") != "true":
        page.keyboard.press("Space")
    expect(one).to_have_attribute("aria-selected", "true", timeout=SLOW)


def test_lists_and_faces(arrive: Arrive, furnished: Furnished):
    page, check = arrive()
    opens(page, furnished.list, "Boards")
    expect(page.get_by_role("link", name="Ideas", exact=True)).to_be_visible()
    check("list of boards")
    page.get_by_role("button", name="New board").first.click()
    expect(dialog(page, "^New board").get_by_role("radio").nth(3)).to_be_attached(timeout=SLOW)
    check.over("new board", dialog(page, "^New board"))
    page.get_by_role("button", name="Bring in a file").first.click()
    check.over("bring in a file", dialog(page, "^Bring in a file"))
    for item, title in (("Rename…", "^Rename"), ("Archive…", "^Archive “Ideas”")):
        page.get_by_role("button", name="More about Ideas").click()
        page.get_by_role("menuitem", name=item).click()
        check.over(item, dialog(page, title))

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
    found = page.get_by_role("searchbox").or_(page.get_by_role("textbox", name=re.compile("Find")))
    expect(found).to_be_focused()
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
    for name, (words, keys, title) in QUESTIONS.items():
        chooses(page, words)
        for key in keys:
            page.keyboard.press(key)
        check.over(name, dialog(page, title))

    chooses(page)
    page.keyboard.press(".")
    check.over("menu of a note", page.get_by_role("menu", name="Actions"))
    for (words, item), title in ACTIONS.items():
        chooses(page, words)
        page.keyboard.press(".")
        page.get_by_role("menuitem", name=item).click()
        check.over(item, dialog(page, title))
    for item, title in OF_BOARD.items():
        page.get_by_role("button", name="Board menu").click()
        page.get_by_role("menuitem", name=item).click()
        check.over(item, dialog(page, title))
    page.evaluate(TABLE)
    check.over("a table", dialog(page, "^Paste a table"))
    assert not check.faults, "\n".join(check.faults)
