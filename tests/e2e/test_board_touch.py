"""A board under fingers: pinching, panning, dragging, the menu, and the keyboard that comes up on a phone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    opens_board,
    settled,
)  # fmt: skip
from .steps import invitation, join, new_challenge, saved, sign_in

WORDS = "A time by the bed"
Point = tuple[float, float]


class Fingers:
    """On the glass of one page, where the browser itself makes events of them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.glass: CDPSession = page.context.new_cdp_session(page)
        self.now = 0.0

    def touch(self, kind: str, *points: Point) -> None:
        """One sixtieth of a second after the last, however long it takes to be sent. A first touch is now."""
        self.now = self.now + 1 / 60 if self.now else time.time()
        at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at, "timestamp": self.now})

    def slide(self, *ways: tuple[Point, Point], steps: int = 8) -> None:
        """Each finger from one place to another, all at once, and up."""
        self.touch("touchStart", *(start for start, _ in ways))
        for step in range(1, steps + 1):
            part = step / steps
            self.touch("touchMove", *((a + (c - a) * part, b + (d - b) * part) for (a, b), (c, d) in ways))
        self.touch("touchEnd")


class Phone:
    def __init__(self, lab: Server, token: str, api: APIRequestContext, someone: Any) -> None:
        self.lab, self.token, self.api = lab, token, api
        challenge = new_challenge(api, "Leaving with medicines")
        self.board = new_board(api, challenge, "Ideas")
        here = area("At the bedside", 0, 0, 440, 620)
        self.note = note(WORDS, 20, 80, parent=here["id"])
        furnish(
            lab, self.board, self.token, [here, self.note, note("Write the list", 20, 440, parent=here["id"])]
        )
        self.page: Page = someone(phone=True, reduced=True)
        join(self.page, invitation(api, challenge)["url"], "Kit")
        self.path = address(challenge, self.board)
        self.page.goto(self.path)
        self.page.get_by_role("button", name="Board", exact=True).tap()
        settled(self.page)
        expect(on_board(self.page, WORDS)).to_be_visible()
        self.fingers = Fingers(self.page)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The page's clock stands: a touch lasts as long as the test says, also on a slow machine."""
        clock = self.page.clock
        clock.install()
        clock.pause_at(self.page.evaluate("Date.now()") / 1000 + 1)
        yield
        clock.resume()

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
def phone(lab: Server, token: str, api: APIRequestContext, someone) -> Phone:
    return Phone(lab, token, api, someone)


def test_two_fingers_zoom_and_draw_nothing(phone: Phone):
    before, near = phone.kept(), phone.height()
    pinches(phone, 20, 40)
    phone.page.wait_for_function(f"() => {HEIGHT} > {near * 1.5}", timeout=SLOW)
    assert phone.kept() == before
    # Also with a tool that draws.
    phone.page.get_by_role("button", name="Add an area").tap()
    near = phone.height()
    pinches(phone, 40, 20)
    phone.page.wait_for_function(f"() => {HEIGHT} < {near * 0.7}", timeout=SLOW)
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
    with phone.stopped():
        phone.fingers.slide(((x, y), (x + 20, y - 90)))
    moves(phone.page, WORDS, (x, y))
    assert phone.kept() == before

    x, y = middle(on_board(phone.page, WORDS))
    other = middle(on_board(phone.page, "Write the list"))
    with phone.stopped():
        phone.fingers.touch("touchStart", (x, y))
        phone.page.clock.run_for(260)
        for step in range(1, 9):
            phone.fingers.touch("touchMove", (x + 5 * step, y + 12 * step))
        phone.fingers.touch("touchEnd")
    moves(phone.page, WORDS, (x, y))
    expect(saved(phone.page)).to_have_text("Saved", timeout=SLOW)
    assert phone.kept()[phone.note["id"]]["place"]["y"] > phone.note["place"]["y"] + 40
    assert middle(on_board(phone.page, "Write the list")) == pytest.approx(other, abs=1)


def test_a_long_press_opens_the_menu(phone: Phone):
    phone.fingers.touch("touchStart", middle(on_board(phone.page, WORDS)))
    menu = phone.page.get_by_role("menu", name="Actions")
    expect(menu).to_be_visible()
    phone.fingers.touch("touchEnd")
    expect(menu.get_by_role("menuitem", name=re.compile("^Move to area"))).to_be_visible()
    menu.get_by_role("menuitem", name="Duplicate").tap()
    expect(board(phone.page).get_by_role("option", name=re.compile(f"^{WORDS}"))).to_have_count(2)


def test_words_for_those_who_are_here(phone: Phone, someone):
    """From the board and from its outline, without a pointer and without a keyboard of keys."""
    page, other = phone.page, someone(reduced=True)
    sign_in(other, phone.api)
    opens_board(other, phone.path)
    for face, words in (("Board", "Look at the bed"), ("Outline", "And at the list")):
        page.get_by_role("button", name=face, exact=True).tap()
        page.get_by_role("button", name="Board menu").tap()
        page.get_by_role("menuitem", name="Say something to those here…").tap()
        said = page.get_by_role("textbox", name="Say something to those who are here")
        expect(said).to_be_focused()
        expect(said).to_be_in_viewport(ratio=1)
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(said).to_have_count(0)
    other.get_by_role("tab", name="Activity").click()
    heard = other.get_by_role("region", name="Said here").get_by_role("listitem")
    expect(heard).to_have_text([re.compile("^Kit.*bed$"), re.compile("^Kit.*list$")], timeout=SLOW)


def test_the_note_in_hand_stays_above_the_keyboard(phone: Phone):
    """Phones lay the keyboard over the page, or make the page smaller by it."""
    page = phone.page
    for grow, more in ((keyboard, " tonight"), (smaller, " and sign it")):
        at = middle(on_board(page, "Write the list"))
        for _ in range(2):
            phone.fingers.touch("touchStart", at)
            phone.fingers.touch("touchEnd")
        expect(field(page)).to_be_focused()
        assert field(page).evaluate("each => each.getBoundingClientRect().bottom") > 844 - 380
        grow(page, 380)
        page.wait_for_function(IN_SIGHT, timeout=SLOW)
        page.keyboard.type(more)
        expect(field(page)).to_have_value(re.compile(f"{more}$"))
        assert page.evaluate(IN_SIGHT)
        grow(page, 0)
        page.keyboard.press("Escape")
        expect(field(page)).to_have_count(0)
        page.keyboard.press("1")
    expect(saved(page)).to_have_text("Saved", timeout=SLOW)
    assert "Write the list tonight and sign it" in [each["text"] for each in phone.kept().values()]


IN_SIGHT = """() => {
    const box = document.activeElement.getBoundingClientRect();
    const seen = visualViewport;
    return document.activeElement.matches('textarea') && box.height > 20
        && box.top >= seen.offsetTop && box.bottom <= seen.offsetTop + seen.height;
}"""


def smaller(page: Page, height: int) -> None:
    page.set_viewport_size({"width": 390, "height": 844 - height})


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
