"""An edit comes too late: a rule forbids it by now. It is told and let go, and nothing else goes with it."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import APIRequestContext, Locator, Page, expect

from bench.server import Server

from .board_steps import (
    SLOW,
    Guest,
    address,
    as_drawn,
    as_guest,
    board,
    field,
    furnish,
    kept,
    new_board,
    note,
    on_board,
    opens_board,
    texts,
)
from .steps import done, invitation, join, new_challenge, saved

NOT_SAVED = re.compile(r"Not saved – \d+ changes? kept on this device")
REASON = re.compile(r"This note is locked by \w+")
UNSENT = """() => new Promise((resolve, reject) => {
    const asked = indexedDB.open('lab-outbox');
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
        const counted = asked.result.transaction('edits').objectStore('edits').count();
        counted.onsuccess = () => { asked.result.close(); resolve(counted.result); };
    };
})"""


class Place:
    """A board with two notes, two people with browsers, and one without, who tries what may be done."""

    def __init__(self, lab: Server, api: APIRequestContext, someone) -> None:
        self.lab, self.api = lab, api
        self.token = lab.token("staff@example.org")
        self.challenge = new_challenge(api, "Leaving with medicines", open_to_lab=True)
        self.board = new_board(api, self.challenge, "Ideas")
        self.first = note("A time by the bed", 0, 0)
        self.second = note("Write the list", 300, 0)
        furnish(lab, self.board, self.token, [self.first, self.second])
        self.tess = lab.token("tess@example.org", "participant")
        link = invitation(api, self.challenge)["url"]
        self.kit, self.lou = (self.comes(someone, link, name) for name in ("Kit", "Lou"))

    def comes(self, someone, link: str, name: str) -> Page:
        page: Page = someone(reduced=True)
        join(page, link, name)
        opens_board(page, address(self.challenge, self.board))
        expect(on_board(page, "A time by the bed")).to_be_visible()
        return page

    def locks(self, one: dict, level: str = "all") -> None:
        """By somebody who leads. Done when it holds for an edit that was on its way, too."""
        path = f"/api/boards/{self.board}/locks/{one['id']}"
        done(self.api.put(path, data={"level": level, "who": "facilitators"}))

        async def until_it_holds(guest: Guest) -> None:
            ends = time.monotonic() + SLOW / 1_000
            while not guest.refusals():
                assert time.monotonic() < ends, "the lock never came to hold"
                number = await guest.write(lambda: tries(guest))
                await guest.until(lambda number=number: guest.saved >= number or guest.refusals())

        def tries(guest: Guest) -> None:
            guest.objects[f"{one['id']}/z"] = guest.objects[f"{one['id']}/z"]

        as_guest(self.lab, self.board, self.tess, until_it_holds)

    def kept(self) -> dict[str, dict]:
        return kept(self.lab, self.board, self.token)


@pytest.fixture
def place(lab: Server, api: APIRequestContext, someone) -> Place:
    return Place(lab, api, someone)


def notice(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("changes? was not taken|changes were not taken"))


def writes(page: Page, one: dict, words: str) -> None:
    """At the end of a note's text, which is closed afterwards."""
    as_drawn(page, one).dblclick()
    expect(field(page)).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)
    page.keyboard.press("Escape")


def adds(page: Page, words: str) -> None:
    board(page).focus()
    page.keyboard.press("n")
    expect(field(page)).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Escape")


def test_what_was_written_offline_in_a_note_that_was_locked_meanwhile(place: Place):
    kit, lou = place.kit, place.lou
    kit.context.set_offline(True)
    writes(kit, place.first, ", with a name on it")
    writes(kit, place.second, ", large")
    adds(kit, "Ring only when something changes")
    expect(saved(kit)).to_have_text(NOT_SAVED)
    place.locks(place.first)
    kit.context.set_offline(False)

    # It is told what was not taken and why, and the words are there to be copied.
    expect(notice(kit)).to_contain_text(REASON, timeout=SLOW)
    expect(notice(kit)).to_contain_text("“A time by the bed, with a name on it”: its words")
    notice(kit).get_by_text("Show the text").click()
    expect(notice(kit).locator("pre")).to_have_text("A time by the bed, with a name on it")

    # Everything else came through, also what was made after it, and is seen by the other.
    expect(saved(kit)).to_have_text("Saved", timeout=SLOW)
    for page in (kit, lou):
        expect(on_board(page, "Write the list, large")).to_be_visible(timeout=SLOW)
        expect(on_board(page, "Ring only when something changes")).to_be_visible(timeout=SLOW)
        expect(as_drawn(page, place.first)).not_to_contain_text("with a name")

    # One goes on: another note is saved, and seen by the other; what was done before can still be undone.
    adds(kit, "A tray for today")
    expect(on_board(lou, "A tray for today")).to_be_visible(timeout=SLOW)
    expect(saved(kit)).to_have_text("Saved", timeout=SLOW)
    kit.keyboard.press("Control+z")
    expect(on_board(lou, "A tray for today")).to_have_count(0, timeout=SLOW)
    kit.keyboard.press("Control+z")
    expect(on_board(lou, "Ring only when something changes")).to_have_count(0, timeout=SLOW)
    kit.keyboard.press("Control+Shift+z")
    expect(on_board(lou, "Ring only when something changes")).to_be_visible(timeout=SLOW)
    expect(saved(kit)).to_have_text("Saved", timeout=SLOW)

    # The words wait until they are discarded; nothing else of what was refused is left anywhere.
    kit.reload()
    expect(notice(kit).get_by_text(REASON)).to_be_visible(timeout=SLOW)
    expect(as_drawn(kit, place.first)).not_to_contain_text("with a name")
    notice(kit).get_by_role("button", name="Discard it").click()
    kit.reload()
    expect(saved(kit)).to_have_text("Saved", timeout=SLOW)
    expect(on_board(kit, "A time by the bed")).to_be_visible(timeout=SLOW)
    expect(notice(kit)).to_have_count(0)
    assert kit.evaluate(UNSENT) == 0
    told = ["A time by the bed", "Ring only when something changes", "Write the list, large"]
    assert texts(place.kept()) == told


def test_writing_goes_on_in_another_note_while_a_refused_move_is_let_go(place: Place):
    kit, lou = place.kit, place.lou
    before = place.kept()[place.first["id"]]["place"]
    kit.context.set_offline(True)
    on_board(kit, "A time by the bed").click()
    kit.keyboard.press("m")
    for _ in range(3):
        kit.keyboard.press("ArrowDown")
    kit.keyboard.press("Enter")
    expect(saved(kit)).to_have_text(NOT_SAVED)
    place.locks(place.first, "position")
    as_drawn(kit, place.second).dblclick()
    expect(field(kit)).to_be_focused()
    kit.keyboard.press("Control+Home")
    kit.keyboard.type("Please ")
    kit.context.set_offline(False)
    expect(notice(kit)).to_contain_text("“A time by the bed”: where it lies", timeout=SLOW)
    # The field is another one by now; who writes does not notice.
    expect(field(kit)).to_be_focused()
    kit.keyboard.type("do ")
    expect(field(kit)).to_have_value("Please do Write the list")
    expect(on_board(lou, "Please do Write the list")).to_be_visible(timeout=SLOW)
    expect(saved(kit)).to_have_text("Saved", timeout=SLOW)
    assert place.kept()[place.first["id"]]["place"] == before
    notice(kit).get_by_role("button", name="Close").click()
    expect(notice(kit)).to_have_count(0)


def test_a_note_that_is_locked_while_it_is_written_is_closed_and_says_why(place: Place):
    kit, lou = place.kit, place.lou
    as_drawn(kit, place.first).dblclick()
    expect(field(kit)).to_be_focused()
    kit.keyboard.press("Control+End")
    kit.keyboard.type(", at three")
    place.locks(place.first)
    expect(field(kit)).to_have_count(0, timeout=SLOW)
    expect(kit.get_by_text(REASON)).to_be_attached()
    expect(on_board(lou, "A time by the bed, at three")).to_be_visible(timeout=SLOW)
    expect(saved(kit)).to_have_text("Saved", timeout=SLOW)
    expect(notice(kit)).to_have_count(0)
