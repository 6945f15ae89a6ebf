"""The main job, in two browsers: write together, lose the server, lose nothing."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import APIRequestContext, Page, expect

from bench.server import Server

from .steps import saved, served, sign_in_link, statement, written

# For a person who reads and types. The test is quicker than people are, a busy machine many times slower than
# theirs: what is to be noticed here is a step that waits.
HALF_A_MINUTE = 60

WITNESS = (Path(__file__).parent / "witness.js").read_text()


def test_a_challenge_from_the_first_sign_in_to_a_killed_server(lab: Server, api: APIRequestContext, someone):
    staff: Page = someone(script=WITNESS)
    staff.context.grant_permissions(["clipboard-read", "clipboard-write"])
    staff.goto(sign_in_link(lab))
    staff.get_by_role("button", name="Sign in").click()
    challenge = creates_a_challenge(staff)
    link = copies_an_invitation(staff)

    guest: Page = someone(phone=True, script=WITNESS)
    began = time.monotonic()
    screens = joins(guest, link)
    writes(guest, "A first word. ")
    expect(saved(guest)).to_have_text("Saved")
    assert len(screens) <= 3, screens
    assert time.monotonic() - began < HALF_A_MINUTE
    expect(statement(staff)).to_contain_text("A first word.")

    both_type_at_once(staff, guest)
    they_comment(staff, guest)
    each_undoes_only_their_own(staff, guest)
    the_server_dies_while_they_type(lab, api, challenge, staff, guest)


def creates_a_challenge(staff: Page) -> str:
    staff.get_by_role("button", name="New challenge").click()
    dialog = staff.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Waiting for a first appointment")
    dialog.get_by_label("Question").fill("What would make the wait before a first appointment bearable?")
    dialog.get_by_role("button", name="Make challenge").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Waiting for a first appointment")
    expect(saved(staff)).to_have_text("Saved")
    return staff.url.rsplit("/", 1)[-1]


def copies_an_invitation(staff: Page) -> str:
    staff.get_by_role("button", name="Invite").click()
    dialog = staff.get_by_role("dialog")
    dialog.get_by_role("button", name="Make a link").click()
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    link = str(staff.evaluate("navigator.clipboard.readText()"))
    assert link == dialog.get_by_label("Invitation link").input_value()
    staff.keyboard.press("Escape")
    return link


def joins(guest: Page, link: str) -> list[str]:
    """The screens the guest went through to the text."""
    screens: list[str] = []
    guest.on(
        "framenavigated",
        lambda frame: screens.append(frame.url) if frame.url.split("#")[0] not in screens else None,
    )
    guest.goto(link)
    guest.get_by_label("Your name").tap()
    guest.keyboard.type("Mo Bell")
    guest.get_by_role("button", name="Join", exact=True).tap()
    statement(guest).tap()
    expect(statement(guest)).to_be_focused()
    return screens


def writes(page: Page, words: str) -> None:
    page.keyboard.type(words)


def both_type_at_once(staff: Page, guest: Page) -> None:
    """In one paragraph, letter by letter in turn: the guest in front, staff at the end."""
    statement(staff).click()
    staff.keyboard.press("Control+End")
    guest.keyboard.press("Control+Home")
    theirs, ours = "People said it in the waiting room. ", "Nobody had asked them before."
    for one, other in zip(theirs.ljust(40), ours.ljust(40), strict=True):
        guest.keyboard.type(one)
        staff.keyboard.type(other)
    for page in (staff, guest):
        expect(statement(page).locator("p")).to_have_count(1)
        expect(statement(page)).to_contain_text(theirs)
        expect(statement(page)).to_contain_text(ours)
        expect(saved(page)).to_have_text("Saved")
    assert written(staff) == written(guest)


def they_comment(staff: Page, guest: Page) -> None:
    statement(guest).press("Control+Home")
    for _ in "People":
        guest.keyboard.press("Shift+ArrowRight")
    guest.get_by_role("button", name="Comment on these words").tap()
    guest.get_by_label("Your comment").fill("Which people? I was one of them.")
    guest.get_by_role("button", name="Comment", exact=True).tap()

    thread = staff.get_by_role("article", name="Comment by Mo Bell")
    expect(thread).to_contain_text("I was one of them.")
    expect(statement(staff).locator("[data-thread]")).to_have_text("People")
    thread.get_by_role("button", name="Answer").click()
    thread.get_by_label("Your answer").fill("Then please write it in your words.")
    thread.get_by_role("button", name="Answer").click()
    # On a phone the comments come up over the foot of the page, and the text stays where it was.
    guest.get_by_role("heading", level=1).tap()
    place = guest.evaluate("scrollY")
    guest.get_by_role("button", name="Comments").tap()
    expect(guest.get_by_role("complementary", name="Comments")).to_be_focused()
    expect(guest.get_by_role("article", name="Comment by Mo Bell")).to_contain_text("in your words")
    assert guest.evaluate("scrollY") == place
    guest.get_by_role("button", name="Back to the text").tap()
    expect(guest.get_by_role("article", name="Comment by Mo Bell")).to_have_count(0)
    expect(guest.get_by_role("button", name="Comments")).to_be_focused()


def each_undoes_only_their_own(staff: Page, guest: Page) -> None:
    statement(guest).tap()
    guest.keyboard.press("Control+End")
    guest.keyboard.press("Enter")
    writes(guest, "Written by the guest.")
    expect(statement(staff)).to_contain_text("Written by the guest.")
    statement(staff).click()
    staff.keyboard.press("Control+Home")
    writes(staff, "Written by staff. ")
    expect(statement(guest)).to_contain_text("Written by staff.")
    guest.keyboard.press("Control+z")
    for page in (staff, guest):
        expect(statement(page)).not_to_contain_text("Written by the guest.")
        expect(statement(page)).to_contain_text("Written by staff.")
    guest.keyboard.press("Control+Shift+z")
    expect(statement(staff)).to_contain_text("Written by the guest.")
    staff.keyboard.press("Control+z")
    for page in (staff, guest):
        expect(statement(page)).to_contain_text("Written by the guest.")
        expect(statement(page)).not_to_contain_text("Written by staff.")


def the_server_dies_while_they_type(
    lab: Server, api: APIRequestContext, challenge: str, staff: Page, guest: Page
) -> None:
    """Each word typed is numbered, so that what is lost or doubled has a name."""
    guest.keyboard.press("Control+End")
    staff.keyboard.press("Control+Home")
    for number in range(1, 41):
        writes(guest, f"g{number:03}")
        writes(staff, f"s{number:03}")
        if number == 25:
            lab.kill()
        writes(guest, "; ")
        writes(staff, "; ")
    for page in (staff, guest):
        expect(saved(page)).to_have_text(re.compile(r"Not saved – \d+ changes kept on this device"))
    acknowledged = [set(words(seen)) for page in (staff, guest) for seen in page.evaluate("witness.saved")]
    assert any(acknowledged)
    kept = set(words(read_elsewhere(lab, api, challenge)))
    assert all(seen <= kept for seen in acknowledged)

    lab.start()
    for page in (staff, guest):
        expect(saved(page)).to_have_text("Saved")
    typed = [f"{who}{number:03};" for who in "gs" for number in range(1, 41)]
    assert sorted(words(served(api, challenge))) == typed
    for page in (staff, guest):
        expect(statement(page)).to_contain_text("s040; ")
        expect(statement(page)).to_contain_text("g040; ")
        assert page.evaluate("witness.early") == []
    assert written(staff) == written(guest)


def words(text: str) -> list[str]:
    return re.findall(r"[gs]\d{3};", text)


def read_elsewhere(lab: Server, api: APIRequestContext, challenge: str) -> str:
    """What the killed server left, read by a stranger at a port the open pages do not know."""
    other = Server(lab.data)
    other.start()
    try:
        answer = api.get(f"{other.url}/api/challenges/{challenge}/statement.md")
        assert answer.ok, answer.text()
        return answer.text()
    finally:
        other.stop()
