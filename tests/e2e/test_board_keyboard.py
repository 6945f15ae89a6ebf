"""A guest without a pointer, once on a board and once in its outline. Somebody else sees all of it."""

from __future__ import annotations

import re

from playwright.sync_api import APIRequestContext, Locator, Page, expect

from bench.server import Server

from .board_steps import (
    SLOW,
    address,
    area,
    board,
    field,
    furnish,
    in_outline,
    kept,
    middle,
    moves,
    new_board,
    note,
    on_board,
    opens_board,
    outline,
    settled,
)  # fmt: skip
from .hands import Hands
from .steps import invitation, join, new_challenge, saved

EARLIER, LATER = "Before the round", "At the bedside"


def a_board(lab: Server, api: APIRequestContext, title: str) -> tuple[str, str]:
    """Two areas, and one note in each."""
    challenge = new_challenge(api, title)
    made = new_board(api, challenge, "Ideas")
    earlier, later = area(EARLIER, 0, 0), area(LATER, 720, 0)
    notes = [
        note("Is it ever before nine?", 20, 80, parent=earlier["id"]),
        note("A time by the bed", 740, 80, parent=later["id"]),
    ]
    furnish(lab, made, lab.token("staff@example.org"), [earlier, later, *notes])
    return challenge, made


def watching(api: APIRequestContext, challenge: str, made: str, someone) -> Page:
    page: Page = someone()
    join(page, invitation(api, challenge)["url"], "Lou")
    opens_board(page, address(challenge, made))
    return page


def comes_in(page: Page, hands: Hands, link: str) -> None:
    """From the invitation to the board."""
    page.goto(link)
    hands.reach(page.get_by_label("Your name"))
    hands.type("Kit")
    hands.reach(page.get_by_role("button", name="Join", exact=True))
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused(timeout=SLOW)
    hands.reach(page.get_by_role("link", name="Boards", exact=True), "Shift+Tab")
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Boards")).to_be_focused(timeout=SLOW)
    hands.reach(page.get_by_role("link", name="Ideas", exact=True))
    hands.press("Enter")
    settled(page)
    expect(page.get_by_role("heading", level=1, name="Ideas")).to_be_focused(timeout=SLOW)


def test_on_the_board(lab: Server, api: APIRequestContext, someone):
    challenge, made = a_board(lab, api, "Leaving with medicines")
    lou = watching(api, challenge, made, someone)
    page: Page = someone()
    hands = Hands(page)
    comes_in(page, hands, invitation(api, challenge)["url"])
    adds_three_notes(page, hands)
    for words in ("Ask the day before", "Write the list", "Ring the ward"):
        expect(on_board(lou, words)).to_be_attached(timeout=SLOW)

    groups_two(page, hands)
    expect(on_board(lou, "Start early")).to_contain_text("cluster, 2 notes", timeout=SLOW)

    connects(page, hands)
    expect(on_board(lou, "Ask the day before")).to_contain_text("“Ring the ward”", timeout=SLOW)

    comments(page, hands)
    expect(on_board(lou, "Ring the ward")).to_contain_text("1 comment", timeout=SLOW)

    moves_by_arrows(page, hands, lou)
    moves_to_an_area(page, hands)
    expect(board(lou).get_by_role("group", name=re.compile(f"^{LATER}, 2 notes"))).to_contain_text(
        "Ring the ward", timeout=SLOW
    )
    supports_and_takes_back(page, hands, lou)
    expect(saved(page)).to_have_text("Saved")
    things = kept(lab, made, lab.token("staff@example.org"))
    assert len([each for each in things.values() if each["made"]["kind"] == "note"]) == 5


def adds_three_notes(page: Page, hands: Hands) -> None:
    """With the keys of the board, and those that lead from one note to the next."""
    reach_board(page, hands)
    hands.press("ArrowRight")
    hands.press("n")
    expect(field(page)).to_be_focused()
    hands.type("Ask the day before")
    hands.press("Tab")
    expect(field(page)).to_have_value("")
    hands.type("Write the list")
    hands.press("Control+Enter")
    expect(field(page)).to_have_value("")
    hands.type("Ring the ward")
    hands.press("Escape")
    expect(field(page)).to_have_count(0)
    expect(on_board(page, "Ring the ward")).to_be_focused()


def reach_board(page: Page, hands: Hands) -> None:
    """One stop for all of it: the list, or the note in it that has the focus."""
    inside = "element => element.contains(document.activeElement)"
    for _ in range(40):
        hands.press("Tab")
        if board(page).evaluate(inside):
            return
    raise AssertionError("Tab does not lead to the board")


def goes_to(page: Page, hands: Hands, words: str) -> None:
    """By arrow keys, along rows and from row to row."""
    target = on_board(page, words)
    hands.press("Home")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp") * 3:
        if is_focused(target):
            return
        hands.press(key)
    raise AssertionError(f"the arrow keys do not lead to {words}")


def is_focused(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))


def groups_two(page: Page, hands: Hands) -> None:
    goes_to(page, hands, "Ask the day before")
    hands.press("Shift+ArrowRight")
    expect(on_board(page, "Write the list")).to_be_focused()
    expect(board(page).get_by_role("option", selected=True)).to_have_count(2)
    hands.press("g")
    expect(page.get_by_text("2 notes grouped.")).to_be_attached()
    hands.press("Enter")
    expect(page.get_by_role("textbox", name="Name of the cluster")).to_be_focused()
    hands.type("Start early")
    hands.press("Enter")
    expect(on_board(page, "Start early")).to_be_focused()


def connects(page: Page, hands: Hands) -> None:
    """From a list of all there is, the way that needs no arrows."""
    goes_to(page, hands, "Ask the day before")
    hands.press("c", "c")
    dialog = page.get_by_role("dialog", name=re.compile("^Connect"))
    hands.reach(dialog.get_by_role("button", name=re.compile("Ring the ward")))
    hands.press("Enter")
    expect(dialog).to_have_count(0)
    expect(on_board(page, "Ask the day before")).to_be_focused()
    expect(on_board(page, "Ask the day before")).to_contain_text("connected to “Ring the ward”")


def comments(page: Page, hands: Hands) -> None:
    goes_to(page, hands, "Ring the ward")
    hands.press("Shift+C")
    expect(page.get_by_label("Your comment")).to_be_focused()
    hands.type("Who picks up?")
    hands.press("Control+Enter")
    expect(page.get_by_role("article", name=re.compile("^Comment by Kit"))).to_contain_text("Who picks up?")
    hands.sees_focus()
    back_to_board(page, hands)
    expect(on_board(page, "Ring the ward")).to_be_focused()


def back_to_board(page: Page, hands: Hands) -> None:
    for _ in range(8):
        hands.press("F6")
        if board(page).evaluate("element => element.contains(document.activeElement)"):
            return
    raise AssertionError("F6 does not lead back to the board")


def moves_by_arrows(page: Page, hands: Hands, lou: Page) -> None:
    words = "Ring the ward"
    before = middle(on_board(lou, words))
    hands.press("m", "ArrowDown", "ArrowDown", "ArrowDown", "Shift+ArrowRight", "Escape")
    expect(page.get_by_text("Put back.")).to_be_attached()
    hands.press("m", *["ArrowDown"] * 6, "Shift+ArrowRight", "Enter")
    expect(page.get_by_text(re.compile("Ring the ward.* dropped in"))).to_be_attached()
    moves(lou, words, before)


def moves_to_an_area(page: Page, hands: Hands) -> None:
    """The way that needs neither dragging nor many keys."""
    hands.press("Shift+M")
    dialog = page.get_by_role("dialog", name=re.compile("^Move .*Ring the ward.* to$"))
    hands.reach(dialog.get_by_role("button", name=re.compile(LATER)))
    hands.press("Enter")
    expect(dialog).to_have_count(0)
    expect(on_board(page, "Ring the ward")).to_be_focused()


def supports_and_takes_back(page: Page, hands: Hands, lou: Page) -> None:
    note = on_board(page, "Ring the ward")
    hands.press("v")
    expect(note).to_contain_text("1 support, yours")
    expect(on_board(lou, "Ring the ward")).to_contain_text("1 support", timeout=SLOW)
    hands.press("Control+z")
    expect(note).not_to_contain_text("1 support")
    expect(on_board(lou, "Ring the ward")).not_to_contain_text("1 support", timeout=SLOW)
    hands.press("Control+Shift+z")
    expect(on_board(lou, "Ring the ward")).to_contain_text("1 support", timeout=SLOW)
    expect(note).to_be_focused()


def test_in_the_outline(lab: Server, api: APIRequestContext, someone):
    """At 200 %, where the outline is the other face of the board."""
    challenge, made = a_board(lab, api, "Home before noon")
    lou = watching(api, challenge, made, someone)
    page: Page = someone(zoom=2)
    hands = Hands(page)
    comes_in(page, hands, invitation(api, challenge)["url"])
    hands.reach(page.get_by_role("button", name="Outline", exact=True), "Shift+Tab")
    hands.press("Enter")
    expect(outline(page)).to_be_visible()
    adds_three_lines(page, hands)
    for words in ("Ask the day before", "Write the list", "Ring the ward"):
        expect(on_board(lou, words)).to_be_attached(timeout=SLOW)

    groups_lines(page, hands)
    expect(on_board(lou, "Start early")).to_contain_text("cluster, 2 notes", timeout=SLOW)

    goes_to_line(page, hands, "Ask the day before")
    hands.press("c", "c")
    dialog = page.get_by_role("dialog", name=re.compile("^Connect"))
    hands.reach(dialog.get_by_role("button", name=re.compile("Ring the ward")))
    hands.press("Enter")
    expect(in_outline(page, "Ask the day before")).to_be_focused()
    links = outline(page).get_by_role("list", name="Connectors of Ask the day before")
    expect(links).to_contain_text("Ring the ward")
    expect(on_board(lou, "Ask the day before")).to_contain_text("“Ring the ward”", timeout=SLOW)

    comments_on_a_line(page, hands)
    expect(on_board(lou, "Ring the ward")).to_contain_text("1 comment", timeout=SLOW)

    changes_places(page, hands, lou)
    hands.press("Shift+M")
    dialog = page.get_by_role("dialog", name=re.compile("^Move .*Ring the ward.* to$"))
    hands.reach(dialog.get_by_role("button", name=re.compile(LATER)))
    hands.press("Enter")
    expect(in_outline(page, "Ring the ward")).to_be_focused()
    expect(board(lou).get_by_role("group", name=re.compile(f"^{LATER}, 2 notes"))).to_contain_text(
        "Ring the ward", timeout=SLOW
    )

    line = in_outline(page, "Ring the ward")
    hands.press("v")
    expect(line).to_contain_text("1 support, yours")
    expect(on_board(lou, "Ring the ward")).to_contain_text("1 support", timeout=SLOW)
    hands.press("Control+z")
    expect(line).not_to_contain_text("1 support")
    expect(on_board(lou, "Ring the ward")).not_to_contain_text("1 support", timeout=SLOW)
    expect(line).to_be_focused()


def adds_three_lines(page: Page, hands: Hands) -> None:
    new = page.get_by_role("textbox", name="New note")
    hands.reach(new)
    hands.reach(page.get_by_role("combobox", name="In", exact=True))
    hands.press("Home")
    expect(page.get_by_role("combobox", name="In", exact=True)).to_have_value(re.compile("."))
    hands.reach(new, "Shift+Tab")
    for words in ("Ask the day before", "Write the list", "Ring the ward"):
        hands.type(words)
        hands.press("Enter")
        expect(new).to_have_value("")
        expect(new).to_be_focused()
        expect(in_outline(page, words)).to_be_attached()


def goes_to_line(page: Page, hands: Hands, words: str) -> None:
    target = in_outline(page, words)
    lines = outline(page).locator("[data-item]")
    if not lines.locator(":scope:focus").count():
        hands.reach(lines.and_(page.locator("[tabindex='0']")).first, "Shift+Tab")
    for key in ["ArrowUp"] * 12 + ["ArrowDown"] * 12:
        if is_focused(target):
            return
        hands.press(key)
    raise AssertionError(f"the arrow keys do not lead to the line {words}")


def groups_lines(page: Page, hands: Hands) -> None:
    goes_to_line(page, hands, "Ask the day before")
    hands.press("Shift+ArrowDown")
    expect(page.locator("[data-item][data-selected]")).to_have_count(2)
    hands.press("g")
    expect(page.get_by_text("2 notes grouped.")).to_be_attached()
    expect(outline(page).locator("[data-item][data-kind=cluster]")).to_be_focused()
    hands.press("Enter")
    name = page.get_by_role("textbox", name="Name of the cluster")
    expect(name).to_be_focused()
    hands.type("Start early")
    hands.press("Enter")
    expect(in_outline(page, "Start early")).to_be_focused()


def comments_on_a_line(page: Page, hands: Hands) -> None:
    goes_to_line(page, hands, "Ring the ward")
    hands.press("Shift+C")
    expect(page.get_by_label("Your comment")).to_be_focused()
    hands.type("Who picks up?")
    hands.press("Control+Enter")
    expect(page.get_by_role("article", name=re.compile("^Comment by Kit"))).to_contain_text("Who picks up?")
    hands.reach(page.get_by_role("tab", name=re.compile("^Comments")), "Shift+Tab")
    hands.press("ArrowLeft")
    hands.reach(in_outline(page, "Ring the ward"))


def changes_places(page: Page, hands: Hands, lou: Page) -> None:
    """A step up in the outline is an exchange of places on the board."""
    before = middle(on_board(lou, "Ring the ward"))
    hands.press("Alt+ArrowUp")
    expect(page.get_by_text(re.compile("^Moved before"))).to_be_attached()
    moves(lou, "Ring the ward", before)
