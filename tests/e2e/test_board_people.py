"""Several people on one board at once: each keeps what is theirs, and sees what the others do."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import APIRequestContext, Locator, Page, expect

from bench.server import Server

from .board_steps import (
    SLOW,
    Guest,
    address,
    area,
    as_drawn,
    as_guest,
    board,
    drag,
    field,
    furnish,
    kept,
    middle,
    moves,
    new_board,
    note,
    on_board,
    opens_board,
    texts,
)  # fmt: skip
from .steps import done, invitation, join, new_challenge, saved

WITNESS = (Path(__file__).parent / "witness.js").read_text()
NOT_SAVED = re.compile(r"Not saved – \d+ changes? kept on this device")
WORDS = "A time by the bed"


class Place:
    """A board with an area and two notes, and two people on it."""

    def __init__(self, lab: Server, api: APIRequestContext, someone) -> None:
        self.lab, self.api = lab, api
        self.token = lab.token("staff@example.org")
        self.challenge = new_challenge(api, "Leaving with medicines", open_to_lab=True)
        self.board = new_board(api, self.challenge, "Ideas")
        here = area("At the bedside", 0, 0)
        self.first = note(WORDS, 20, 80, parent=here["id"])
        self.second = note("Write the list", 240, 80, parent=here["id"])
        furnish(lab, self.board, self.token, [here, self.first, self.second])
        link = invitation(api, self.challenge)["url"]
        self.kit, self.lou = (self.comes(someone, link, name) for name in ("Kit", "Lou"))
        expect(self.kit.get_by_role("button", name=re.compile("Here now: Lou"))).to_be_visible(timeout=SLOW)

    def comes(self, someone, link: str, name: str) -> Page:
        page: Page = someone(reduced=True, script=WITNESS)
        join(page, link, name)
        opens_board(page, address(self.challenge, self.board))
        expect(on_board(page, WORDS)).to_be_visible()
        return page

    def kept(self) -> dict[str, dict]:
        return kept(self.lab, self.board, self.token)

    def both(self) -> tuple[Page, Page]:
        return self.kit, self.lou


@pytest.fixture
def place(lab: Server, api: APIRequestContext, someone) -> Place:
    return Place(lab, api, someone)


def writes_in(page: Page, words: str, *, end: bool = True) -> None:
    """Opens it by two presses."""
    on_board(page, words).dblclick()
    expect(field(page)).to_be_focused()
    page.keyboard.press("Control+End" if end else "Control+Home")


def test_two_write_in_one_note(place: Place):
    kit, lou = place.both()
    writes_in(kit, WORDS, end=False)
    writes_in(lou, WORDS)
    expect(as_drawn(kit, place.first)).to_contain_text("Lou is writing here", timeout=SLOW)
    theirs, ours = "Before anything else: ", ", in large letters"
    for one, other in zip(theirs.ljust(22), ours.ljust(22), strict=True):
        kit.keyboard.type(one)
        lou.keyboard.type(other)
    for page in place.both():
        expect(field(page)).to_have_value(re.compile(re.escape(theirs)), timeout=SLOW)
        expect(field(page)).to_have_value(re.compile(re.escape(ours)), timeout=SLOW)
        expect(saved(page)).to_have_text("Saved")
    both = {field(page).input_value().strip() for page in place.both()}
    assert both == {f"{theirs}{WORDS}{ours}"}
    assert f"{theirs}{WORDS}{ours}" in [text.strip() for text in texts(place.kept())]


def test_a_note_is_dragged_while_another_writes_in_it(place: Place):
    kit, lou = place.both()
    writes_in(lou, WORDS)
    lou.keyboard.type(", with")
    before = middle(as_drawn(lou, place.first))
    drag(kit, on_board(kit, WORDS), 60, 220, drop=False)
    lou.keyboard.type(" a name")
    kit.mouse.up()
    lou.keyboard.type(" on it")
    moves(lou, WORDS, before)
    expect(field(lou)).to_be_focused()
    expect(on_board(kit, f"{WORDS}, with a name on it")).to_be_visible(timeout=SLOW)
    for page in place.both():
        expect(saved(page)).to_have_text("Saved")
    mine = place.kept()[place.first["id"]]
    assert mine["text"] == f"{WORDS}, with a name on it"
    assert mine["place"]["y"] > place.first["place"]["y"] + 100


def test_undo_keeps_what_the_other_wrote_later(place: Place):
    kit, lou = place.both()
    writes_in(kit, WORDS)
    kit.keyboard.type(" for everybody")
    kit.keyboard.press("Escape")
    expect(on_board(lou, f"{WORDS} for everybody")).to_be_visible(timeout=SLOW)
    writes_in(lou, WORDS)
    lou.keyboard.type(", said Lou")
    lou.keyboard.press("Escape")
    expect(on_board(kit, f"{WORDS} for everybody, said Lou")).to_be_focused(timeout=SLOW)
    kit.keyboard.press("Control+z")
    for page in place.both():
        expect(on_board(page, f"{WORDS}, said Lou")).to_be_visible(timeout=SLOW)

    # Moved by one and then by the other: there is nothing to take back any more.
    at = middle(on_board(lou, WORDS))
    drag(kit, on_board(kit, WORDS), 0, 200)
    moves(lou, WORDS, at)
    at = middle(on_board(kit, WORDS))
    drag(lou, on_board(lou, WORDS), 200, 0)
    moves(kit, WORDS, at)
    expect(saved(lou)).to_have_text("Saved")
    before = place.kept()[place.first["id"]]["place"]
    kit.keyboard.press("Control+z")
    expect(kit.get_by_text(re.compile("1 note left: changed by others since"))).to_be_attached()
    expect(saved(kit)).to_have_text("Saved")
    assert place.kept()[place.first["id"]]["place"] == before


def test_others_are_seen(place: Place):
    """Where they point, what they hold, what they choose."""
    kit, lou = place.both()
    shown = lou.locator("[data-landmark=board]")
    x, y = middle(on_board(kit, WORDS))
    kit.mouse.move(x + 300, y + 200, steps=4)
    cursor = shown.locator("[aria-hidden]").get_by_text("Kit", exact=True)
    expect(cursor).to_be_visible(timeout=SLOW)

    before = middle(on_board(lou, WORDS))
    drag(kit, on_board(kit, WORDS), 40, 150, drop=False)
    expect(on_board(lou, WORDS)).to_contain_text("Kit is moving this", timeout=SLOW)
    expect(shown.get_by_text("Kit is moving this", exact=True)).to_be_visible()
    moves(lou, WORDS, before)
    kit.keyboard.press("Escape")
    kit.mouse.up()
    expect(on_board(lou, WORDS)).not_to_contain_text("Kit is moving this", timeout=SLOW)
    assert place.kept()[place.first["id"]]["place"] == place.first["place"]


def test_following(place: Place):
    kit, lou = place.both()
    lou.get_by_role("button", name="Here now: Kit").click()
    lou.get_by_role("button", name="Follow Kit").click()
    lou.keyboard.press("Escape")
    expect(lou.get_by_text("Following Kit")).to_be_visible()
    board(kit).focus()
    for _ in range(3):
        kit.keyboard.press("+")
    expect(percent(lou)).to_have_text(at_rest(percent(kit)), timeout=SLOW)
    near = kit.locator("[data-landmark=board]")
    x, y = middle(near)
    kit.mouse.move(x, y)
    kit.mouse.wheel(0, 240)
    lou.wait_for_function(
        "y => Math.abs(document.querySelector('[role=option]').getBoundingClientRect().y - y) < 6",
        arg=kit.evaluate("document.querySelector('[role=option]').getBoundingClientRect().y"),
        timeout=SLOW,
    )
    lou.get_by_role("button", name="Zoom out").click()
    expect(lou.get_by_text("Following Kit")).to_have_count(0)
    stays = percent(lou).inner_text()
    kit.keyboard.press("0")
    expect(percent(kit)).to_have_text("100%")
    expect(percent(lou)).to_have_text(stays)


def percent(page: Page):
    return page.get_by_role("group", name="Zoom").get_by_role("button", name=re.compile("actual size"))


def at_rest(words: Locator) -> str:
    """What it says when it has said the same for half a second: a view glides."""
    before = ""
    while (now := words.inner_text()) != before:
        before = now
        words.page.wait_for_timeout(500)
    return now


def test_a_lock_holds_on_the_server(place: Place):
    """Also against somebody whose own program asks nobody."""
    lou = place.lou
    id = place.first["id"]
    path = f"/api/boards/{place.board}/locks/{id}"
    done(place.api.put(path, data={"level": "all", "who": "facilitators"}))
    expect(on_board(lou, WORDS)).to_contain_text("locked by facilitators", timeout=SLOW)
    token = place.lab.token("someone@example.org", role="participant")

    async def tries(guest: Guest) -> tuple[str, list[str]]:
        """Whoever was in the middle of something is let through for a moment: until that is over."""
        text, told = guest.objects[f"{id}/text"], []
        ends = time.monotonic() + 20
        before = str(text)
        while not told and time.monotonic() < ends:
            before = str(text)
            number = await guest.write(lambda: text.insert(0, "x"))
            await guest.until(lambda n=number: guest.saved >= n or bool(guest.refusals()))
            told = [event["message"] for event in guest.refusals()]
        return before, told

    before, told = as_guest(place.lab, place.board, token, tries)
    assert told == ["This note is locked by staff."]
    assert place.kept()[id]["text"] == before
    assert place.kept()[id]["place"] == place.first["place"]
    assert before.lstrip("x") == WORDS
    for page in place.both():
        locked = board(page).get_by_role("option", name=re.compile(f"^{before}"))
        expect(locked).to_be_visible(timeout=SLOW)
        at = middle(locked)
        locked.dblclick()
        expect(field(page)).to_have_count(0)
        drag(page, locked, 0, 200)
        assert middle(locked) == pytest.approx(at, abs=1)

    assert place.api.delete(path).ok
    expect(board(lou).get_by_role("option", name=re.compile("locked"))).to_have_count(0, timeout=SLOW)


def test_the_server_dies_in_the_middle_of_a_drag(place: Place):
    kit, lou = place.both()
    writes_in(lou, "Write the list")
    lou.keyboard.press("Control+a")
    lou.keyboard.press("Delete")
    x, y = middle(on_board(kit, WORDS))
    kit.mouse.move(x, y)
    kit.mouse.down()
    for number in range(1, 31):
        kit.mouse.move(x + number, y + 6 * number)
        lou.keyboard.type(f"n{number:03}")
        if number == 20:
            place.lab.kill()
        lou.keyboard.type("; ")
    kit.mouse.up()
    for page in place.both():
        expect(saved(page)).to_have_text(NOT_SAVED, timeout=SLOW)
    acknowledged = [set(numbers(seen)) for seen in lou.evaluate("witness.saved")]
    assert any(acknowledged)
    other = Server(place.lab.data)
    other.start()
    try:
        left = kept(other, place.board, place.token)[place.second["id"]]["text"]
    finally:
        other.stop()
    assert all(seen <= set(numbers(left)) for seen in acknowledged)

    place.lab.start()
    for page in place.both():
        expect(saved(page)).to_have_text("Saved", timeout=60_000)
        assert page.evaluate("witness.early") == []
    things = place.kept()
    assert numbers(things[place.second["id"]]["text"]) == [f"n{number:03};" for number in range(1, 31)]
    assert things[place.first["id"]]["place"]["y"] > place.first["place"]["y"] + 100
    expect(on_board(kit, "n001; n002;")).to_contain_text("n030;", timeout=SLOW)
    assert middle(on_board(kit, WORDS)) == pytest.approx(middle(on_board(lou, WORDS)), abs=2)


def numbers(text: str) -> list[str]:
    return re.findall(r"n\d{3};", text)
