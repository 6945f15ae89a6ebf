"""A board under fingers: pinching, panning, dragging, the menu, and the keyboard that comes up on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, CDPSession, Page, expect

from bench.server import Server

from .board_steps import (
    SLOW,
    address,
    area,
    board,
    field,
    furnish,
    kept,
    middle,
    moves,
    new_board,
    note,
    on_board,
    settled,
)  # fmt: skip
from .steps import invitation, join, new_challenge, saved

WORDS = "A time by the bed"
Point = tuple[float, float]


class Fingers:
    """On the glass of one page, where the browser itself makes events of them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.glass: CDPSession = page.context.new_cdp_session(page)

    def touch(self, kind: str, *points: Point) -> None:
        at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    def slide(self, *ways: tuple[Point, Point], steps: int = 8) -> None:
        """Each finger from one place to another, all at once, and up."""
        self.touch("touchStart", *(start for start, _ in ways))
        for step in range(1, steps + 1):
            part = step / steps
            self.touch("touchMove", *((a + (c - a) * part, b + (d - b) * part) for (a, b), (c, d) in ways))
        self.touch("touchEnd")


class Phone:
    def __init__(self, lab: Server, api: APIRequestContext, someone: Any) -> None:
        self.lab = lab
        self.token = lab.token("staff@example.org")
        challenge = new_challenge(api, "Leaving with medicines")
        self.board = new_board(api, challenge, "Ideas")
        here = area("At the bedside", 0, 0, 440, 620)
        self.note = note(WORDS, 20, 80, parent=here["id"])
        furnish(
            lab, self.board, self.token, [here, self.note, note("Write the list", 20, 440, parent=here["id"])]
        )
        self.page: Page = someone(phone=True, reduced=True)
        join(self.page, invitation(api, challenge)["url"], "Kit")
        self.page.goto(address(challenge, self.board))
        self.page.get_by_role("button", name="Board", exact=True).tap()
        settled(self.page)
        expect(on_board(self.page, WORDS)).to_be_visible()
        self.fingers = Fingers(self.page)

    def kept(self) -> dict[str, dict[str, Any]]:
        return kept(self.lab, self.board, self.token)

    def height(self) -> float:
        """Of the note on the screen: how near one is."""
        return float(self.box()["height"])

    def box(self) -> Any:
        box = on_board(self.page, WORDS).bounding_box()
        assert box is not None
        return box


@pytest.fixture
def phone(lab: Server, api: APIRequestContext, someone) -> Phone:
    return Phone(lab, api, someone)


def test_two_fingers_zoom_and_draw_nothing(phone: Phone):
    before, near = phone.kept(), phone.height()
    pinches(phone, 20, 40)
    phone.page.wait_for_function(f"{HEIGHT} > {near * 1.5}", timeout=SLOW)
    assert phone.kept() == before
    # Also with a tool that draws.
    phone.page.get_by_role("button", name="Add an area").tap()
    near = phone.height()
    pinches(phone, 40, 20)
    phone.page.wait_for_function(f"{HEIGHT} < {near * 0.7}", timeout=SLOW)
    assert phone.kept() == before
    # Nor did the page itself zoom.
    assert phone.page.evaluate("visualViewport.scale") == 1


HEIGHT = "document.querySelector('[data-kind=note]').getBoundingClientRect().height"


def pinches(phone: Phone, start: float, end: float) -> None:
    """Two fingers on one note, so far from its middle each."""
    x, y = middle(on_board(phone.page, WORDS))
    phone.fingers.slide(
        *(((x + side * start, y + side * start), (x + side * end, y + side * end)) for side in (-1, 1))
    )


def test_one_finger_on_the_ground_pans(phone: Phone):
    before, at = phone.kept(), middle(on_board(phone.page, WORDS))
    phone.fingers.slide(((200, 700), (240, 560)))
    moves(phone.page, WORDS, at)
    assert phone.kept() == before
    after = middle(on_board(phone.page, WORDS))
    assert after == pytest.approx((at[0] + 40, at[1] - 140), abs=14)


def test_a_finger_that_rests_on_a_note_drags_it(phone: Phone):
    """One that does not rest pans: a swipe over notes leaves them where they are."""
    before = phone.kept()
    x, y = middle(on_board(phone.page, WORDS))
    phone.fingers.slide(((x, y), (x + 20, y - 90)))
    moves(phone.page, WORDS, (x, y))
    assert phone.kept() == before

    x, y = middle(on_board(phone.page, WORDS))
    other = middle(on_board(phone.page, "Write the list"))
    phone.fingers.touch("touchStart", (x, y))
    rests(phone.page, 260)
    for step in range(1, 9):
        phone.fingers.touch("touchMove", (x + 5 * step, y + 12 * step))
    phone.fingers.touch("touchEnd")
    moves(phone.page, WORDS, (x, y))
    expect(saved(phone.page)).to_have_text("Saved", timeout=SLOW)
    assert phone.kept()[phone.note["id"]]["place"]["y"] > phone.note["place"]["y"] + 40
    assert middle(on_board(phone.page, "Write the list")) == pytest.approx(other, abs=1)


def rests(page: Page, milliseconds: int) -> None:
    """So long by the page's own clock."""
    page.evaluate("length => new Promise((over) => setTimeout(over, length))", milliseconds)


def test_a_long_press_opens_the_menu(phone: Phone):
    phone.fingers.touch("touchStart", middle(on_board(phone.page, WORDS)))
    menu = phone.page.get_by_role("menu", name="Actions")
    expect(menu).to_be_visible()
    phone.fingers.touch("touchEnd")
    expect(menu.get_by_role("menuitem", name=re.compile("^Move to area"))).to_be_visible()
    menu.get_by_role("menuitem", name="Duplicate").tap()
    expect(board(phone.page).get_by_role("option", name=re.compile(f"^{WORDS}"))).to_have_count(2)


def test_the_note_in_hand_stays_above_the_keyboard(phone: Phone):
    page = phone.page
    list_note = on_board(page, "Write the list")
    x, y = middle(list_note)
    for _ in range(2):
        phone.fingers.touch("touchStart", (x, y))
        phone.fingers.touch("touchEnd")
    expect(field(page)).to_be_focused()
    keyboard(page, 380)
    page.wait_for_function(
        """() => {
            const box = document.activeElement.getBoundingClientRect();
            return box.bottom <= visualViewport.offsetTop + visualViewport.height && box.top >= 0;
        }""",
        timeout=SLOW,
    )
    page.keyboard.type(" tonight")
    expect(field(page)).to_have_value("Write the list tonight")
    keyboard(page, 0)
    page.keyboard.press("Escape")
    expect(field(page)).to_have_count(0)


def keyboard(page: Page, height: int) -> None:
    """What a phone tells a page when its keyboard comes up: that less of it is to be seen."""
    page.evaluate(
        """(height) => {
            const whole = window.innerHeight;
            Object.defineProperty(visualViewport, 'height', { configurable: true, value: whole - height });
            visualViewport.dispatchEvent(new Event('resize'));
        }""",
        height,
    )
